using System.Buffers;
using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.Native;

/// <summary>A page of a task's events as one JSON list.</summary>
public static class EventPage
{
    /// <summary>The list; each event as in a native frame.</summary>
    /// <param name="task">The task.</param>
    /// <param name="entries">The events, in order.</param>
    /// <param name="hasMore">Whether the log goes on after them now.</param>
    /// <param name="next">What to send as <c>after</c> for the next page.</param>
    public static ReadOnlyMemory<byte> Write(TaskRequest task, ReadOnlyMemory<StreamEntry> entries, bool hasMore, long next)
    {
        var json = new ArrayBufferWriter<byte>(1024);
        var native = new NativeEvent(task);
        json.Write("{\"object\":\"list\",\"data\":["u8);
        var first = true;
        foreach (ref readonly var entry in entries.Span)
        {
            if (!first)
                json.Write(","u8);

            first = false;
            native.Write(entry, json);
        }

        json.Write(hasMore ? "],\"has_more\":true,\"next\":"u8 : "],\"has_more\":false,\"next\":"u8);
        json.WriteNumber(next);
        json.Write("}"u8);
        return json.WrittenMemory;
    }
}
