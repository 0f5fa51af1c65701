using StreamRelay.Events;

namespace StreamRelay.Logs;

/// <summary>The one writer of a task's log in its epoch. Not safe for concurrent use.</summary>
public interface IEventLogWriter : IAsyncDisposable
{
    /// <summary>Raised when the store has lost entries that cannot be appended again, also while nothing is appended. Further appends fail.</summary>
    event EventHandler<IOException>? Lost
    {
        add { }
        remove { }
    }

    /// <summary>The offset the next entry must have; 1 for an empty log.</summary>
    long NextOffset { get; }

    /// <summary>Whether an append waits for a store that is unavailable. Callers that wait for the append should not time out then.</summary>
    bool IsWaiting => false;

    /// <summary>Appends entries whose offsets continue from <see cref="NextOffset"/>. On return all of them are durable at the configured level; on an exception none of them is visible.</summary>
    /// <exception cref="StaleEpochException">A writer with a higher epoch has opened the log.</exception>
    /// <exception cref="LogNotFoundException">The log was deleted.</exception>
    /// <exception cref="IOException">The store could not write.</exception>
    ValueTask AppendAsync(ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken);
}
