using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.Native;

/// <summary>A page of a task's events as one JSON list.</summary>
public static class NativePage
{
    /// <summary>The list; each event as in a native frame.</summary>
    /// <param name="task">The task.</param>
    /// <param name="entries">The events, in order.</param>
    /// <param name="hasMore">Whether the log has more events after them now.</param>
    /// <param name="next">The <c>after</c> of the next page.</param>
    public static ReadOnlyMemory<byte> Write(TaskRequest task, ReadOnlyMemory<StreamEntry> entries, bool hasMore, long next)
    {
        ArgumentNullException.ThrowIfNull(task);
        var buffer = new Utf8Buffer(1024);
        var json = new FrameJson(buffer);
        var native = new NativeJson(task);
        json.BeginObject();
        json.Token("object"u8, "list"u8);
        json.BeginArray("data"u8);
        foreach (ref readonly var entry in entries.Span)
            native.Write(ref json, entry);

        json.EndArray();
        json.Boolean("has_more"u8, hasMore);
        json.Number("next"u8, next);
        json.EndObject();
        return buffer.WrittenMemory;
    }
}
