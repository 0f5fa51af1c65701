using System.Buffers;
using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Tools;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiChat;

/// <summary>Folds a task into the one object of a non-streaming answer, with the ids and the usage its stream has.</summary>
internal sealed class ChatFold(TaskRequest request)
{
    private readonly ArrayBufferWriter<byte> _content = new();
    private readonly ArrayBufferWriter<byte> _reasoning = new();
    private readonly List<StreamEvent> _files = [];
    private readonly ToolCalls _toolCalls = new(callersOnly: true);
    private ChatStart _start = new(request.Agent, 0, "", false);
    private TaskUsage _usage = new(0, 0, true);

    /// <summary>The terminal event once it was added, else <see langword="null"/>.</summary>
    public StreamEvent? Terminal { get; private set; }

    public void Add(in StreamEntry entry)
    {
        var said = entry.Event;
        switch (said.Kind)
        {
            case StreamEventKind.Start:
                _start = ChatStart.Read(said);
                break;
            case StreamEventKind.Output:
                _content.Write(said.Content.Span);
                break;
            case StreamEventKind.Thought:
                _reasoning.Write(said.Content.Span);
                break;
            case StreamEventKind.ActionStart or StreamEventKind.ActionDelta or StreamEventKind.Action:
                _toolCalls.Take(said, out _)?.Add(said);
                break;
            case StreamEventKind.File:
                _files.Add(said);
                break;
            case StreamEventKind.Usage:
                _usage = TaskUsage.FromMetadata(said.Metadata);
                break;
            case StreamEventKind.End or StreamEventKind.Error:
                Terminal = said;
                break;
        }
    }

    /// <summary>The answer of a task that completed or was stopped.</summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        var json = new ArrayBufferWriter<byte>(_content.WrittenCount + 1024);
        json.Write("{\"id\":"u8);
        json.WriteString(ChatJson.Id(request));
        json.Write(",\"object\":\"chat.completion\",\"created\":"u8);
        json.WriteNumber(_start.Created);
        json.Write(",\"model\":"u8);
        json.WriteString(_start.Model);
        json.Write(",\"system_fingerprint\":"u8);
        json.WriteString(_start.SystemFingerprint);
        json.Write(",\"choices\":[{\"index\":0,\"message\":"u8);
        WriteMessage(json);
        json.Write(",\"logprobs\":null,\"finish_reason\":"u8);
        json.WriteString(ChatJson.FinishReason(Terminal!));
        json.Write("}],\"usage\":"u8);
        json.WriteUsage(_usage);
        if (Terminal!.IsStopped())
            json.Write(",\"x_status\":\"stopped\""u8);

        WriteFiles(json);
        json.Write("}"u8);
        return json.WrittenMemory;
    }

    private void WriteMessage(ArrayBufferWriter<byte> json)
    {
        json.Write("{\"role\":\"assistant\",\"content\":"u8);
        if (_content.WrittenCount == 0 && _toolCalls.All.Count > 0)
            json.Write("null"u8);
        else
            json.WriteString(_content.WrittenSpan);

        json.Write(",\"refusal\":null,\"annotations\":[]"u8);
        if (_reasoning.WrittenCount > 0)
        {
            json.Write(",\"reasoning_content\":"u8);
            json.WriteString(_reasoning.WrittenSpan);
        }

        WriteToolCalls(json);
        json.Write("}"u8);
    }

    private void WriteToolCalls(ArrayBufferWriter<byte> json)
    {
        foreach (var call in _toolCalls.All)
        {
            json.Write(call.Index == 0 ? ",\"tool_calls\":["u8 : ","u8);
            json.Write("{\"id\":"u8);
            json.WriteString(call.Id);
            json.Write(",\"type\":\"function\",\"function\":{\"name\":"u8);
            json.WriteString(call.Name);
            json.Write(",\"arguments\":"u8);
            json.WriteString(call.Arguments.WrittenSpan);
            json.Write("}}"u8);
        }

        if (_toolCalls.All.Count > 0)
            json.Write("]"u8);
    }

    private void WriteFiles(ArrayBufferWriter<byte> json)
    {
        for (var index = 0; index < _files.Count; index++)
        {
            json.Write(index == 0 ? ",\"x_files\":["u8 : ","u8);
            json.WriteMetadata(_files[index]);
        }

        if (_files.Count > 0)
            json.Write("]"u8);
    }
}
