using System.Buffers;
using System.Text;
using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Tools;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>One item of a response's output: a message, reasoning, or a function call.</summary>
internal sealed class ResponseItem(TaskRequest request, int index, ResponseItemKind kind, ToolCall? call = null)
{
    private bool _isWhole;

    /// <summary>Its <c>output_index</c>.</summary>
    public int Index => index;

    public ResponseItemKind Kind => kind;

    /// <summary>Its id, as UTF-8.</summary>
    public ReadOnlyMemory<byte> Id { get; } = Encoding.UTF8.GetBytes($"{Prefix(kind)}_{request.Id}_{index}");

    /// <summary>The text so far; a call's arguments.</summary>
    public ArrayBufferWriter<byte> Text { get; } = call?.Arguments ?? new();

    /// <summary>The function call, or <see langword="null"/>.</summary>
    public ToolCall? Call => call;

    /// <summary>Whether more may be added.</summary>
    public bool IsOpen { get; private set; } = true;

    private ReadOnlySpan<byte> Status => IsOpen ? "in_progress"u8 : _isWhole ? "completed"u8 : "incomplete"u8;

    /// <summary>Closes it, as a whole or as what there is of one.</summary>
    public void Close(bool isWhole)
    {
        IsOpen = false;
        _isWhole = isWhole;
    }

    public void Write(ArrayBufferWriter<byte> json, bool isNew)
    {
        json.Write("{\"id\":"u8);
        json.WriteString(Id.Span);
        switch (kind)
        {
            case ResponseItemKind.Message:
                json.Write(",\"type\":\"message\",\"status\":"u8);
                json.WriteString(Status);
                json.Write(",\"role\":\"assistant\",\"content\":["u8);
                WritePartUnless(isNew, json);
                break;
            case ResponseItemKind.Reasoning:
                json.Write(",\"type\":\"reasoning\",\"summary\":["u8);
                WritePartUnless(isNew, json);
                break;
            default:
                WriteCall(json, isNew);
                break;
        }
    }

    /// <summary>Writes its one part: the text, or as it is when there is none yet.</summary>
    public void WritePart(ArrayBufferWriter<byte> json, ReadOnlySpan<byte> text)
    {
        json.Write(kind == ResponseItemKind.Reasoning ? "{\"type\":\"summary_text\",\"text\":"u8 : "{\"type\":\"output_text\",\"text\":"u8);
        json.WriteString(text);
        json.Write(kind == ResponseItemKind.Reasoning ? "}"u8 : ",\"annotations\":[],\"logprobs\":[]}"u8);
    }

    private void WritePartUnless(bool isNew, ArrayBufferWriter<byte> json)
    {
        if (!isNew)
            WritePart(json, Text.WrittenSpan);

        json.Write("]}"u8);
    }

    private void WriteCall(ArrayBufferWriter<byte> json, bool isNew)
    {
        json.Write(",\"type\":\"function_call\",\"status\":"u8);
        json.WriteString(Status);
        json.Write(",\"call_id\":"u8);
        json.WriteString(call!.Id);
        json.Write(",\"name\":"u8);
        json.WriteString(call.Name);
        json.Write(",\"arguments\":"u8);
        json.WriteString(isNew ? default : Text.WrittenSpan);
        json.Write("}"u8);
    }

    private static string Prefix(ResponseItemKind kind) => kind switch
    {
        ResponseItemKind.Message => "msg",
        ResponseItemKind.Reasoning => "rs",
        _ => "fc",
    };
}
