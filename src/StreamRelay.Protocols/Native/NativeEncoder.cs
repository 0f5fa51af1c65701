using StreamRelay.Events;
using StreamRelay.Protocols.Sse;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.Native;

/// <summary>Encodes each entry as one frame, and <c>connection_end</c> after the terminal one.</summary>
internal sealed class NativeEncoder(TaskRequest request, bool named) : IStreamEncoder
{
    private readonly NativeJson _json = new(request);

    public void Encode(in StreamEntry entry, SseWriter output)
    {
        var json = output.BeginFrame(EventName(entry.Event.Kind));
        _json.Write(ref json, entry);
        output.EndFrame();
        if (entry.Event.Kind.IsTerminal())
            WriteConnectionEnd(output, entry.Time);
    }

    private void WriteConnectionEnd(SseWriter output, DateTimeOffset time)
    {
        var json = output.BeginFrame(named ? "connection_end"u8 : default);
        json.BeginObject();
        json.Token("type"u8, "connection_end"u8);
        _json.WriteTaskId(ref json);
        NativeJson.WriteTime(ref json, time);
        json.EndObject();
        output.EndFrame();
    }

    // An event named error would reach the listeners of EventSource's own errors.
    private ReadOnlySpan<byte> EventName(StreamEventKind kind) =>
        !named ? default : kind == StreamEventKind.Error ? "task_error"u8 : kind.ToUtf8Name();
}
