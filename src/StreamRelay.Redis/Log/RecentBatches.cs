namespace StreamRelay.Redis.Log;

/// <summary>The last elements that Redis acknowledged, to be written again when Redis has lost them: those of the last seconds, which a
/// server that writes to its disk every second may lose, and at most 16 MiB.</summary>
internal sealed class RecentBatches(TimeProvider time)
{
    /// <summary>How long something that was acknowledged may still be lost.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromSeconds(3);

    private const int MaxBytes = 16 << 20;

    private readonly Queue<(LogElement Element, long At)> _elements = new();
    private int _bytes;

    /// <summary>The newest one.</summary>
    public LogTop Top { get; private set; }

    /// <summary>Adds an element.</summary>
    /// <param name="element">The element.</param>
    /// <param name="top">The top of the log since; its length is unknown where it was not counted.</param>
    public void Add(LogElement element, LogTop top)
    {
        Top = top;
        _bytes += element.Bytes.Length;
        _elements.Enqueue((element, time.GetTimestamp()));
        while (_elements.Count > 1 && (_bytes > MaxBytes || time.GetElapsedTime(_elements.Peek().At) > Keep))
            _bytes -= _elements.Dequeue().Element.Bytes.Length;
    }

    /// <summary>The elements after an id, as far as they are kept.</summary>
    public IReadOnlyList<LogElement> After(EntryId id) => [.. _elements.Select(one => one.Element).Where(element => element.Id > id)];
}
