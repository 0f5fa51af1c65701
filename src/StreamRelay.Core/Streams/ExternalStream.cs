using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>The stream of an external agent's task: other processes append to its log as well, each by compare-and-set on the next offset.</summary>
internal sealed class ExternalStream(TaskId id, IEventLogWriter writer, LogSummary before, StreamOptions options, TimeProvider time, IEventLog log)
    : TaskStream(id, writer, before, options, time)
{
    // Assigned before the base constructor runs, which creates the pump.
    private readonly IEventLog _log = log;

    /// <summary>Reads what others have appended, soon, and shows it to the readers.</summary>
    public void CatchUp() => WakePump();

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
        await foreach (var _ in feed.FollowAsync(Id, Head, cancellationToken))
            CatchUp();
    }
}
