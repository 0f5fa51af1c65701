using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>How far tasks have come, wherever they are written: here, by another process on a shared store, or no more.</summary>
public sealed class LogHeads
{
    private static readonly TimeSpan RecoveryCheck = TimeSpan.FromMilliseconds(100);

    private readonly StreamManager _streams;
    private readonly ITaskStore _tasks;
    private readonly TimeProvider _time;
    private readonly IEventFeed? _feed;

    internal LogHeads(StreamManager streams, ITaskStore tasks, TimeProvider time, IEventFeed? feed)
    {
        _streams = streams;
        _tasks = tasks;
        _time = time;
        _feed = feed;
    }

    /// <summary>The offset of the task's last entry, 0 when it has none.</summary>
    /// <exception cref="IOException">The store cannot tell now.</exception>
    public async ValueTask<long> GetAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        return _streams.FindWritten(task.Id) is { } stream ? stream.Head
            : task.IsEnded ? task.LastOffset
            : _feed is not null ? await GetStoredAsync(_feed, task, cancellationToken)
            : (await _tasks.FindAsync(task.Id, cancellationToken))?.LastOffset ?? 0;
    }

    /// <summary>As <see cref="GetAsync(TaskRecord, CancellationToken)"/>, for somebody who has seen so much. When that is more than this node knows of, the
    /// store is asked: a node that was cut off learns late what another one wrote, and what a store has lost it is told again.</summary>
    /// <exception cref="IOException">The store cannot tell now.</exception>
    public async ValueTask<long> GetAsync(TaskRecord task, long seen, CancellationToken cancellationToken)
    {
        var head = await GetAsync(task, cancellationToken);
        return _feed is null || head >= seen ? head : Math.Max(head, await GetRecoveredAsync(_feed, task, seen, cancellationToken));
    }

    /// <summary>How far the log of a task reaches that has ended, when a store that several processes share has lost the rest of it; else <see langword="null"/>.</summary>
    /// <exception cref="IOException">The store cannot tell now.</exception>
    public async ValueTask<long?> FindTruncationAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (_feed is null || !task.IsEnded)
            return null;

        var head = await GetRecoveredAsync(_feed, task, task.LastOffset, cancellationToken);
        return head < task.LastOffset ? head : null;
    }

    /// <summary>Whether the task's terminal event is in its log; its record may not say so yet.</summary>
    /// <exception cref="IOException">The store cannot tell now.</exception>
    public async ValueTask<bool> IsCompletedAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.IsEnded || (_streams.FindWritten(task.Id) is { } stream ? stream.IsCompleted
            : _feed is not null && (await _feed.GetLastAsync(task.Id, cancellationToken))?.Event.Kind.IsTerminal() is true);
    }

    /// <summary>What the store has of a task: so much, or less only when nobody is about to write the rest again.</summary>
    private async ValueTask<long> GetRecoveredAsync(IEventFeed feed, TaskRecord task, long wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Before, because what is then written again would be missed; behind, because reading may have waited for the store to come back.
            var wasRecovering = feed.IsRecovering;
            var head = await GetStoredAsync(feed, task, cancellationToken);
            if (head >= wanted || !(wasRecovering || feed.IsRecovering))
                return head;

            await Task.Delay(RecoveryCheck, _time, cancellationToken);
        }
    }

    private static async ValueTask<long> GetStoredAsync(IEventFeed feed, TaskRecord task, CancellationToken cancellationToken) =>
        (await feed.GetLastAsync(task.Id, cancellationToken))?.Offset ?? 0;
}
