using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>A log that several write to and nobody owns: each appends after what it has read, and reads on when another one was first. Not safe for concurrent use.</summary>
public sealed class SharedLog
{
    private const int PageEntries = 1024;

    private readonly TaskId _task;
    private readonly StreamManager _streams;
    private readonly int _maxEventBytes;
    private readonly TimeProvider _time;
    private LogSummary _read = LogSummary.Empty;
    private bool _wasLate;

    internal SharedLog(TaskId task, StreamManager streams, int maxEventBytes, TimeProvider time)
    {
        _task = task;
        _streams = streams;
        _maxEventBytes = maxEventBytes;
        _time = time;
    }

    /// <summary>The offset of the last entry read.</summary>
    public long Last => _read.LastOffset;

    /// <summary>Bytes of all events read.</summary>
    public long Bytes => _read.Bytes;

    /// <summary>Whether the terminal event was read, or appended here.</summary>
    public bool HasEnded => _read.Terminal is not null;

    /// <summary>Reads what was appended since the last time.</summary>
    /// <exception cref="LogNotFoundException">There is no log.</exception>
    /// <exception cref="LogTruncatedException">It ends before what was read of it.</exception>
    public async ValueTask ReadAsync(Action<StreamEvent> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        var before = Last;
        while (!HasEnded && await _streams.Log.ReadAsync(_task, Last, PageEntries, cancellationToken) is { IsEmpty: false } page)
        {
            foreach (var entry in page.Span)
            {
                _read = _read.Add(entry);
                read(entry.Event);
            }
        }

        if (_wasLate && Last == before)
            throw new LogTruncatedException(_task);

        _wasLate = false;
    }

    /// <summary>Appends events right after what was read. On return they are durable, or none of them is there.</summary>
    /// <returns><see langword="false"/> when somebody else was first: read on.</returns>
    /// <exception cref="PublishException">An event is too large.</exception>
    public async ValueTask<bool> TryAppendAsync(IEnumerable<StreamEvent> events, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var time = DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(now, _read.LastTime.ToUnixTimeMilliseconds()));
        var offset = Last;
        StreamEntry[] entries = [.. events.SelectMany(Split).Select(said => new StreamEntry(++offset, time, said))];
        _wasLate = !await _streams.Log.TryAppendAsync(_task, entries, cancellationToken);
        if (_wasLate)
            return false;

        foreach (ref readonly var entry in entries.AsSpan())
            _read = _read.Add(entry);

        _streams.Find(_task)?.CatchUp();
        return true;
    }

    /// <summary>What the task has used, where that has to be said before it ends and nobody has.</summary>
    /// <param name="next">What is to be appended before.</param>
    /// <param name="input">What the task was given, or <see langword="null"/>.</param>
    /// <returns>A <c>usage</c> event, or <see langword="null"/>.</returns>
    public StreamEvent? MissingUsage(IEnumerable<StreamEvent> next, TaskInput? input)
    {
        var said = next.Aggregate(_read, static (summary, said) => summary.Add(new(0, default, said)));
        return said.NeedsUsage ? AgentEvents.Usage(TaskUsage.Estimate(input?.Content.Length ?? 0, said.TextBytes)) : null;
    }

    private IEnumerable<StreamEvent> Split(StreamEvent said) => EventSplitter.Split(said, _maxEventBytes) ?? throw new PublishException(PublishFailure.TooLarge, _task);
}
