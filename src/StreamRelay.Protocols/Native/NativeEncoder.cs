using System.Buffers;
using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Sse;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.Native;

internal sealed class NativeEncoder(TaskRequest request, bool named) : IStreamEncoder
{
    private readonly NativeEvent _event = new(request);

    public void Encode(in StreamEntry entry, SseWriter output)
    {
        _event.Write(entry, output.BeginFrame(EventName(entry.Event.Kind)));
        output.EndFrame();
        if (!entry.Event.Kind.IsTerminal())
            return;

        var json = output.BeginFrame(named ? "connection_end"u8 : default);
        json.Write("{\"type\":\"connection_end\",\"task_id\":"u8);
        json.WriteString(request.Id.ToString());
        json.Write(",\"timestamp\":"u8);
        NativeEvent.WriteTime(entry.Time, json);
        json.Write("}"u8);
        output.EndFrame();
    }

    // An event named error would reach the listeners of EventSource's own errors.
    private ReadOnlySpan<byte> EventName(StreamEventKind kind) =>
        !named ? default : kind == StreamEventKind.Error ? "task_error"u8 : kind.ToUtf8Name();
}
