using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>Appends to the log of an external agent's task by compare-and-set: after the entries it has read; when another writer was first, it reads on. Not safe for concurrent use.</summary>
public sealed class ExternalLog
{
    private const int PageEntries = 1024;

    private readonly TaskId _task;
    private readonly StreamManager _streams;
    private readonly int _maxEventBytes;
    private readonly TimeProvider _time;
    private readonly long _losses;
    private LogSummary _read = LogSummary.Empty;
    private bool _wasLate;

    internal ExternalLog(TaskId task, StreamManager streams, int maxEventBytes, TimeProvider time)
    {
        _task = task;
        _streams = streams;
        _maxEventBytes = maxEventBytes;
        _time = time;
        _losses = streams.Losses;
    }

    /// <summary>The offset of the last entry that was read or appended.</summary>
    public long Last => _read.LastOffset;

    /// <summary>What <see cref="StreamOptions.MaxTaskBytes"/> counts of all events that were read or appended.</summary>
    public long Cost => _read.Cost;

    /// <summary>Whether the terminal event was read or appended.</summary>
    public bool HasEnded => _read.Terminal is not null;

    /// <summary>Whether the store may have lost entries that were read: the log has to be opened again.</summary>
    public bool IsOutdated => _losses != _streams.Losses;

    /// <summary>Reads the entries that were appended since the last read.</summary>
    /// <exception cref="LogNotFoundException">There is no log.</exception>
    /// <exception cref="LogTruncatedException">The log ends before an entry that was read.</exception>
    public async ValueTask ReadAsync(Action<StreamEvent> onRead, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(onRead);
        var before = Last;
        while (!HasEnded && await _streams.Log.ReadAsync(_task, Last, PageEntries, cancellationToken) is { IsEmpty: false } page)
        {
            foreach (var entry in page.Span)
            {
                _read = _read.Add(entry);
                onRead(entry.Event);
            }
        }

        if (_wasLate && Last == before)
            throw new LogTruncatedException(_task);

        _wasLate = false;
    }

    /// <summary>Appends events directly after the last entry read. On return all of them are durable, or none was appended.</summary>
    /// <returns><see langword="false"/> when another writer was first: read, then try again.</returns>
    /// <exception cref="PublishException">An event is too large.</exception>
    public async ValueTask<bool> TryAppendAsync(IReadOnlyList<StreamEvent> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        var entries = Stamp(events);
        _wasLate = !await _streams.Log.TryAppendAsync(_task, entries, cancellationToken);
        if (_wasLate)
            return false;

        foreach (ref readonly var entry in entries.AsSpan())
            _read = _read.Add(entry);

        (_streams.Find(_task) as ExternalStream)?.Show(entries);
        return true;
    }

    /// <summary>The usage that has to be appended before the terminal event.</summary>
    /// <param name="next">The events that are appended before it.</param>
    /// <param name="input">The input of the task, or <see langword="null"/>.</param>
    /// <returns>A <c>usage</c> event with estimated numbers; <see langword="null"/> when usage was reported.</returns>
    public StreamEvent? FindMissingUsage(IEnumerable<StreamEvent> next, TaskInput? input) =>
        next.Aggregate(_read, static (summary, streamEvent) => summary.Add(new(0, default, streamEvent))).FindMissingUsage(input);

    private StreamEntry[] Stamp(IReadOnlyList<StreamEvent> events)
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var time = DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(now, _read.LastTime.ToUnixTimeMilliseconds()));
        var pieces = events.Any(streamEvent => streamEvent.Size > _maxEventBytes) ? [.. events.SelectMany(Split)] : events;
        var entries = new StreamEntry[pieces.Count];
        for (var index = 0; index < entries.Length; index++)
            entries[index] = new(Last + 1 + index, time, pieces[index]);

        return entries;
    }

    private IEnumerable<StreamEvent> Split(StreamEvent streamEvent) =>
        EventSplitter.Split(streamEvent, _maxEventBytes) ?? throw new PublishException(PublishFailure.TooLarge, _task);
}
