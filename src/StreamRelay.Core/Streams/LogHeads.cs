using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>The offset of each task's last entry, whichever process writes the task.</summary>
public sealed class LogHeads(StreamManager streams, ITaskStore tasks, TimeProvider time, IEventFeed? feed = null)
{
    private static readonly TimeSpan RecoveryCheck = TimeSpan.FromMilliseconds(100);

    /// <summary>The offset of the task's last entry, 0 when it has none.</summary>
    /// <exception cref="IOException">The store cannot be read now.</exception>
    public async ValueTask<long> GetAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        return streams.FindWritten(task.Id) is { } stream ? stream.Head
            : task.IsEnded ? task.LastOffset
            : feed is not null ? await GetStoredAsync(feed, task, cancellationToken)
            : (await tasks.FindAsync(task.Id, cancellationToken))?.LastOffset ?? 0;
    }

    /// <summary>The offset of the task's last entry, for a client that has read up to <paramref name="seen"/>. When this node knows fewer entries, it reads the
    /// store: a node may learn late of another node's entries, and a writer appends again what the store has lost.</summary>
    /// <exception cref="IOException">The store cannot be read now.</exception>
    public async ValueTask<long> GetAsync(TaskRecord task, long seen, CancellationToken cancellationToken)
    {
        var head = await GetAsync(task, cancellationToken);
        return feed is null || head >= seen ? head : Math.Max(head, await GetRecoveredAsync(feed, task, seen, cancellationToken));
    }

    /// <summary>The last offset of an ended task's log, when a shared store has lost the entries after it; else <see langword="null"/>.</summary>
    /// <exception cref="IOException">The store cannot be read now.</exception>
    public async ValueTask<long?> FindTruncationAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (feed is null || !task.IsEnded)
            return null;

        var head = await GetRecoveredAsync(feed, task, task.LastOffset, cancellationToken);
        return head < task.LastOffset ? head : null;
    }

    /// <summary>Whether the task's terminal event is in its log. The record may not be updated yet.</summary>
    /// <exception cref="IOException">The store cannot be read now.</exception>
    public async ValueTask<bool> IsCompletedAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.IsEnded || (streams.FindWritten(task.Id) is { } stream ? stream.IsCompleted
            : feed is not null && (await feed.GetLastAsync(task.Id, cancellationToken))?.Event.Kind.IsTerminal() is true);
    }

    /// <summary>The last offset in the store. Waits while it is below <paramref name="wanted"/> and a writer may append lost entries again.</summary>
    private async ValueTask<long> GetRecoveredAsync(IEventFeed feed, TaskRecord task, long wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Read before, because entries that are appended again during the read could be missed; and after, because the read may have waited for the store.
            var wasRecovering = feed.IsRecovering;
            var head = await GetStoredAsync(feed, task, cancellationToken);
            if (head >= wanted || !(wasRecovering || feed.IsRecovering))
                return head;

            await Task.Delay(RecoveryCheck, time, cancellationToken);
        }
    }

    private static async ValueTask<long> GetStoredAsync(IEventFeed feed, TaskRecord task, CancellationToken cancellationToken) =>
        (await feed.GetLastAsync(task.Id, cancellationToken))?.Offset ?? 0;
}
