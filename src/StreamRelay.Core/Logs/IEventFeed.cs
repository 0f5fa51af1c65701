using StreamRelay.Events;
using StreamRelay.Tasks;

namespace StreamRelay.Logs;

/// <summary>What a log can do that several processes share: tell of entries that others write. Every method is safe to call from any thread.</summary>
public interface IEventFeed
{
    /// <summary>Whether the store was away a moment ago, and those who wrote what it may have lost may not have written it again yet.</summary>
    bool IsRecovering { get; }

    /// <summary>The task's last entry, or <see langword="null"/> when there is none.</summary>
    ValueTask<StreamEntry?> GetLastAsync(TaskId task, CancellationToken cancellationToken);

    /// <summary>The entries after <paramref name="offset"/>, whoever writes them, as they come; after the terminal one it ends. An outage of the store is waited for.</summary>
    /// <exception cref="LogNotFoundException">The log is gone, or has lost entries that were read before.</exception>
    IAsyncEnumerable<ReadOnlyMemory<StreamEntry>> FollowAsync(TaskId task, long offset, CancellationToken cancellationToken);
}
