using StreamRelay.Events;
using StreamRelay.Protocols.Folds;
using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Sse;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.Native;

/// <summary>The text, open tool calls and usage of a task so far, for a client that does not need each piece. It never holds the terminal event: a stream after it does.</summary>
/// <param name="request">The task.</param>
public sealed class NativeSnapshot(TaskRequest request) : EventFold(onlyCallsForCaller: false)
{
    private readonly Utf8Buffer _output = new();
    private readonly Utf8Buffer _thought = new();
    private readonly HashSet<string> _answered = [];
    private ReadOnlyMemory<byte>? _usage;
    private DateTimeOffset _time = request.CreatedAt;

    /// <summary>The offset of the last entry in it; 0 before the first.</summary>
    public long Offset { get; private set; }

    /// <summary>The frame; its id is that of its last entry.</summary>
    /// <param name="named">Whether it has a line <c>event: snapshot</c>.</param>
    public ReadOnlyMemory<byte> ToFrame(bool named)
    {
        var frame = new SseWriter();
        frame.Begin(Offset);
        var json = frame.BeginFrame(named ? "snapshot"u8 : default);
        var native = new NativeJson(request);
        json.BeginObject();
        json.Token("type"u8, "snapshot"u8);
        native.WriteTaskId(ref json);
        json.Number("sequence"u8, Offset);
        native.WriteAgentName(ref json);
        json.Text("output"u8, _output.WrittenSpan);
        json.Text("thought"u8, _thought.WrittenSpan);
        WriteOpenCalls(ref json);
        if (_usage is { } usage)
            json.Value("usage"u8, usage.Span);
        else
            json.Null("usage"u8);

        NativeJson.WriteTime(ref json, _time);
        json.EndObject();
        frame.EndFrame();
        return frame.Written.ToArray();
    }

    private protected override void OnEntry(in StreamEntry entry)
    {
        if (!entry.Event.Kind.IsTerminal())
            (Offset, _time) = (entry.Offset, entry.Time);
    }

    private protected override void OnText(StreamEventKind kind, ReadOnlySpan<byte> text, in TextMetadata metadata) =>
        (kind == StreamEventKind.Output ? _output : _thought).Write(text);

    private protected override void OnObservation(StreamEvent observation) =>
        _answered.Add(ObservationMetadata.Read(observation).ToolCallId);

    private protected override void OnUsage(StreamEvent usage) => _usage = usage.Metadata;

    private void WriteOpenCalls(ref FrameJson json)
    {
        json.BeginArray("open_tool_calls"u8);
        foreach (var call in Calls.Where(call => !_answered.Contains(call.Id)))
        {
            json.BeginObject();
            json.Text("tool_call_id"u8, call.Id);
            json.Text("tool_name"u8, call.Name);
            json.Token("executor"u8, call.IsForCaller ? "caller"u8 : "agent"u8);
            json.Text("arguments"u8, call.Arguments.WrittenSpan);
            json.Boolean("complete"u8, call.IsComplete);
            json.EndObject();
        }

        json.EndArray();
    }
}
