using StreamRelay.Events;
using StreamRelay.Tasks;

namespace StreamRelay.Logs;

/// <summary>A log that several processes share: reads entries that other processes append. Safe to use from any thread.</summary>
public interface IEventFeed
{
    /// <summary>Whether the store was unavailable a moment ago, so that writers may still have to append entries again that it lost.</summary>
    bool IsRecovering { get; }

    /// <summary>Goes up whenever the store may have lost entries: what was read before may not be in the log any more.</summary>
    long Losses { get; }

    /// <summary>The task's last entry, or <see langword="null"/> when there is none.</summary>
    ValueTask<StreamEntry?> GetLastAsync(TaskId task, CancellationToken cancellationToken);

    /// <summary>The entries after <paramref name="offset"/> of all writers, as they are appended; the sequence ends after the terminal entry. Waits for the store during an outage.</summary>
    /// <exception cref="LogNotFoundException">The log is gone, or others have taken the place of entries that were read before.</exception>
    /// <exception cref="LogTruncatedException">The log has lost entries that were read before.</exception>
    IAsyncEnumerable<ReadOnlyMemory<StreamEntry>> FollowAsync(TaskId task, long offset, CancellationToken cancellationToken);
}
