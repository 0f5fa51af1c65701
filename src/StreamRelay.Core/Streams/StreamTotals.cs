using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>The totals of a task's events, the events of earlier attempts included. Safe to use from any thread.</summary>
internal sealed class StreamTotals(LogSummary before)
{
    private long _bytes = before.Bytes - (before.Terminal?.Event.Size ?? 0);
    private long _cost = before.Cost - (before.Terminal?.Event.Cost ?? 0);
    private long _textBytes = before.TextBytes;
    private StreamEvent? _usage = before.Usage is { } usage ? TaskEvents.Usage(usage) : null;

    /// <summary>Bytes of all events, without the terminal one.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>What <see cref="StreamOptions.MaxTaskBytes"/> counts of them.</summary>
    public long Cost => Volatile.Read(ref _cost);

    /// <summary>Bytes of the text that a model wrote: answer, reasoning and tool arguments.</summary>
    public long TextBytes => Volatile.Read(ref _textBytes);

    /// <summary>The usage that was reported last, or <see langword="null"/>.</summary>
    public TaskUsage? Usage => Volatile.Read(ref _usage) is { } usage ? TaskUsage.FromMetadata(usage.Metadata) : null;

    public void Add(StreamEvent streamEvent)
    {
        Interlocked.Add(ref _bytes, streamEvent.Size);
        Interlocked.Add(ref _cost, streamEvent.Cost);
        if (streamEvent.Kind is StreamEventKind.Usage)
            Volatile.Write(ref _usage, streamEvent);
        else if (streamEvent.Kind.IsText() && streamEvent.Kind is not StreamEventKind.Log)
            Interlocked.Add(ref _textBytes, streamEvent.Content.Length);
    }

    /// <summary>The summary of a log with these totals and, when the task has ended, its terminal entry.</summary>
    public LogSummary ToSummary(StreamEntry? terminal) =>
        new(terminal?.Offset ?? 0, terminal?.Time ?? default, Bytes + (terminal?.Event.Size ?? 0), TextBytes, Usage, terminal);
}
