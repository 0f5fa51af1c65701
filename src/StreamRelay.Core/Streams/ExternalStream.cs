using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>The stream of an external agent's task: other processes append to its log as well, each by compare-and-set on the next offset.</summary>
internal sealed class ExternalStream(TaskId id, IEventLogWriter writer, LogSummary before, StreamOptions options, TimeProvider time, TailMemory memory, IEventLog log)
    : TaskStream(id, writer, before, options, time, memory)
{
    // Assigned before the base constructor runs, which creates the pump.
    private readonly IEventLog _log = log;
    private readonly WaitingBatches _appended = new();
    private bool _isBehind = true;

    /// <summary>Reads what others have appended, soon, and shows it to the readers.</summary>
    public void CatchUp()
    {
        Volatile.Write(ref _isBehind, true);
        WakePump();
    }

    /// <summary>Shows entries, soon, that this process has appended beside the stream.</summary>
    public void Show(ReadOnlyMemory<StreamEntry> appended)
    {
        // What does not wait is read from the log.
        if (!_appended.TryAdd(appended))
            Volatile.Write(ref _isBehind, true);

        WakePump();
    }

    /// <summary>The next entries that were appended beside the stream and follow its head directly; entries that it has already are skipped.</summary>
    /// <returns><see langword="false"/> when there are none: the others are in the log, if there are any.</returns>
    public bool TryTakeAppended(out ReadOnlyMemory<StreamEntry> appended)
    {
        while (_appended.TryTake(out appended))
        {
            var first = appended.Span[0].Offset;
            if (first == Head + 1)
                return true;
            if (first > Head)
                Volatile.Write(ref _isBehind, true);
        }

        return false;
    }

    /// <summary>Whether the log may have entries that were not shown to the stream; the next call returns <see langword="false"/>.</summary>
    public bool TakeIsBehind() => Interlocked.Exchange(ref _isBehind, false);

    /// <summary>Accounts for an entry that another writer has appended.</summary>
    public void OnAppended(in StreamEntry entry)
    {
        if (entry.Event.Kind.IsTerminal())
            SetEnding(entry);
        else
            AddAppended(entry.Event);
    }

    /// <summary>Follows the log on other nodes until this stream is closed.</summary>
    public void Follow(IEventFeed feed) => _ = FollowUntilClosedAsync(feed);

    private protected override StreamPump CreatePump(Inbox inbox, IEventLogWriter writer, DateTimeOffset lastTime, TimeProvider time) =>
        new ExternalPump(this, inbox, writer, lastTime, time, _log);

    private async Task FollowUntilClosedAsync(IEventFeed feed)
    {
        using var closed = new CancellationTokenSource();
        var following = FollowAsync(feed, closed.Token);
        await Closed;
        await closed.CancelAsync();
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task FollowAsync(IEventFeed feed, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in feed.FollowAsync(Id, Head, cancellationToken))
                CatchUp();
        }
        catch (IOException exception)
        {
            Fail(exception);
        }
    }
}
