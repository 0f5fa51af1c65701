using System.Text;
using StreamRelay.Protocols.Folds;
using StreamRelay.Protocols.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>One item of a response's output: a message, reasoning, or a function call.</summary>
internal sealed class ResponsesItem(TaskRequest request, int index, ResponsesItemKind kind, ToolCall? call = null)
{
    private bool _isWhole;

    /// <summary>Its <c>output_index</c>.</summary>
    public int Index => index;

    public ResponsesItemKind Kind => kind;

    /// <summary>Its id, as UTF-8.</summary>
    public byte[] Id { get; } = Encoding.UTF8.GetBytes($"{(call?.IsCustom == true ? "ctc" : Prefix(kind))}_{request.Id}_{index}");

    /// <summary>The text so far; of a call, the arguments.</summary>
    public Utf8Buffer Text { get; } = call?.Arguments ?? new();

    /// <summary>What the text cites.</summary>
    public List<ReadOnlyMemory<byte>> Annotations { get; } = [];

    /// <summary>The probabilities of the tokens.</summary>
    public List<ReadOnlyMemory<byte>> Logprobs { get; } = [];

    /// <summary>Fields of the model's server that no protocol has: a JSON object, or empty.</summary>
    public ReadOnlyMemory<byte> Extra { get; set; }

    /// <summary>The function call, or <see langword="null"/>.</summary>
    public ToolCall? Call => call;

    /// <summary>Whether more may be added.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>Whether it was closed, and its text is complete.</summary>
    public bool IsWhole => !IsOpen && _isWhole;

    private ReadOnlySpan<byte> Status => IsOpen ? "in_progress"u8 : _isWhole ? "completed"u8 : "incomplete"u8;

    /// <summary>Closes it: nothing is added any more.</summary>
    public void Close(bool isWhole)
    {
        IsOpen = false;
        _isWhole = isWhole;
    }

    /// <summary>Writes the members of the item, without its text when it is new.</summary>
    public void Write(ref FrameJson json, bool isNew)
    {
        json.Token("id"u8, Id);
        switch (kind)
        {
            case ResponsesItemKind.Message or ResponsesItemKind.Refusal:
                json.Token("type"u8, "message"u8);
                json.Token("status"u8, Status);
                json.Token("role"u8, "assistant"u8);
                WriteParts(ref json, "content"u8, isNew);
                break;
            case ResponsesItemKind.Reasoning:
                json.Token("type"u8, "reasoning"u8);
                WriteParts(ref json, "summary"u8, isNew);
                if (ResponsesReasoningItems.Encrypted(Extra) is { IsEmpty: false } encrypted)
                    json.Value("encrypted_content"u8, encrypted.Span);

                break;
            default:
                json.Token("type"u8, call!.IsCustom ? "custom_tool_call"u8 : "function_call"u8);
                json.Token("status"u8, Status);
                json.Text("call_id"u8, call.Id);
                json.Text("name"u8, call.Name);
                json.Text(call.IsCustom ? "input"u8 : "arguments"u8, isNew ? default : Text.WrittenSpan);
                break;
        }

        if ((call?.Extra ?? Extra) is { IsEmpty: false } extra)
            json.Value("x_extra"u8, extra.Span);
    }

    /// <summary>Writes the members of its one part.</summary>
    public void WritePart(ref FrameJson json, bool isNew)
    {
        var text = isNew ? default : Text.WrittenSpan;
        if (kind == ResponsesItemKind.Refusal)
        {
            json.Token("type"u8, "refusal"u8);
            json.Text("refusal"u8, text);
            return;
        }

        json.Token("type"u8, kind == ResponsesItemKind.Reasoning ? "summary_text"u8 : "output_text"u8);
        json.Text("text"u8, text);
        if (kind == ResponsesItemKind.Reasoning)
            return;

        JsonSlices.WriteList(ref json, "annotations"u8, isNew ? [] : Annotations);
        JsonSlices.WriteList(ref json, "logprobs"u8, isNew ? [] : Logprobs);
    }

    private void WriteParts(ref FrameJson json, ReadOnlySpan<byte> name, bool isNew)
    {
        json.BeginArray(name);
        if (!isNew)
        {
            json.BeginObject();
            WritePart(ref json, isNew: false);
            json.EndObject();
        }

        json.EndArray();
    }

    private static string Prefix(ResponsesItemKind kind) => kind switch
    {
        ResponsesItemKind.Message or ResponsesItemKind.Refusal => "msg",
        ResponsesItemKind.Reasoning => "rs",
        _ => "fc",
    };
}
