using System.Buffers;
using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Tools;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.Native;

/// <summary>All that was said so far, for a client that comes late and does not need each piece. Never holds the end: that comes after it.</summary>
/// <param name="request">The task.</param>
public sealed class TaskSnapshot(TaskRequest request)
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly ArrayBufferWriter<byte> _thought = new();
    private readonly ToolCalls _calls = new(callersOnly: false);
    private readonly HashSet<string> _answered = [];
    private StreamEvent? _usage;
    private DateTimeOffset _time = request.CreatedAt;

    /// <summary>The last entry in it.</summary>
    public long Offset { get; private set; }

    /// <summary>Adds the next entry; a terminal one is left out.</summary>
    public void Add(in StreamEntry entry)
    {
        var said = entry.Event;
        if (said.Kind.IsTerminal())
            return;

        (Offset, _time) = (entry.Offset, entry.Time);
        switch (said.Kind)
        {
            case StreamEventKind.Output:
                _output.Write(said.Content.Span);
                break;
            case StreamEventKind.Thought:
                _thought.Write(said.Content.Span);
                break;
            case StreamEventKind.ActionStart or StreamEventKind.ActionDelta or StreamEventKind.Action:
                _calls.Take(said, out _)!.Add(said);
                break;
            case StreamEventKind.Observation:
                _answered.Add(said.Field("tool_call_id"));
                break;
            case StreamEventKind.Usage:
                _usage = said;
                break;
        }
    }

    /// <summary>The frame; its id is its last entry's.</summary>
    /// <param name="named">Whether with a line <c>event: snapshot</c>.</param>
    public ReadOnlyMemory<byte> ToFrame(bool named)
    {
        var json = new ArrayBufferWriter<byte>(_output.WrittenCount + 512);
        json.Write("id: "u8);
        json.WriteNumber(Offset);
        json.Write(named ? "\nevent: snapshot\ndata: {\"type\":\"snapshot\",\"task_id\":"u8 : "\ndata: {\"type\":\"snapshot\",\"task_id\":"u8);
        json.WriteString(request.Id.ToString());
        json.Write(",\"sequence\":"u8);
        json.WriteNumber(Offset);
        json.Write(",\"agent_name\":"u8);
        json.WriteString(request.Agent);
        json.Write(",\"output\":"u8);
        json.WriteString(_output.WrittenSpan);
        json.Write(",\"thought\":"u8);
        json.WriteString(_thought.WrittenSpan);
        WriteOpenCalls(json);
        json.Write(",\"usage\":"u8);
        if (_usage is null)
            json.Write("null"u8);
        else
            json.WriteMetadata(_usage);

        json.Write(",\"timestamp\":"u8);
        NativeEvent.WriteTime(_time, json);
        json.Write("}\n\n"u8);
        return json.WrittenMemory;
    }

    private void WriteOpenCalls(ArrayBufferWriter<byte> json)
    {
        var first = true;
        json.Write(",\"open_tool_calls\":["u8);
        foreach (var call in _calls.All.Where(call => !_answered.Contains(call.Id)))
        {
            json.Write(first ? "{\"tool_call_id\":"u8 : ",{\"tool_call_id\":"u8);
            first = false;
            json.WriteString(call.Id);
            json.Write(",\"tool_name\":"u8);
            json.WriteString(call.Name);
            json.Write(call.IsCallers ? ",\"executor\":\"caller\",\"arguments\":"u8 : ",\"executor\":\"agent\",\"arguments\":"u8);
            json.WriteString(call.Arguments.WrittenSpan);
            json.Write(call.IsComplete ? ",\"complete\":true}"u8 : ",\"complete\":false}"u8);
        }

        json.Write("]"u8);
    }
}
