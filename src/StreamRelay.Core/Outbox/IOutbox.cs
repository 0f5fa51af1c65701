using StreamRelay.Tasks;

namespace StreamRelay.Outbox;

/// <summary>Messages about the ends of tasks, stored beside the tasks. A message is removed when it was sent; a process that claims one and ends leaves it
/// to the others. Times are whole milliseconds. Safe to use from any thread.</summary>
public interface IOutbox
{
    /// <summary>Whether other processes add and claim messages as well.</summary>
    bool IsShared { get; }

    /// <summary>Stores the end of a task and the messages about it, if the record's version is still the stored one; the stored version is then one higher.
    /// Both are stored, or neither. A message that waits already stays as it is.</summary>
    /// <returns><see langword="false"/> when another writer was first, or the task was deleted.</returns>
    /// <exception cref="IOException">The store could not write.</exception>
    ValueTask<bool> TryEndAsync(TaskRecord ended, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken);

    /// <summary>Claims the messages of a queue that are due, those first that are due first. Nobody else claims them before <paramref name="until"/>, and from then on anybody.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="limit">The most messages to claim.</param>
    /// <param name="now">The time now.</param>
    /// <param name="until">When the claim ends.</param>
    /// <param name="cancellationToken">Cancels the call; messages may be claimed then.</param>
    /// <exception cref="IOException">The store could not write.</exception>
    ValueTask<IReadOnlyList<OutboxMessage>> ClaimAsync(string queue, int limit, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>When the next message of a queue is due or its claim ends; <see langword="null"/> when none waits.</summary>
    /// <exception cref="IOException">The store could not be read.</exception>
    ValueTask<DateTimeOffset?> FindNextDueAsync(string queue, CancellationToken cancellationToken);

    /// <summary>Removes a claimed message, unless its claim has ended and another process has claimed it since.</summary>
    /// <exception cref="IOException">The store could not write.</exception>
    ValueTask RemoveAsync(OutboxMessage claimed, CancellationToken cancellationToken);

    /// <summary>Ends a claim: sets when the message is due again, unless the claim has ended and another process has claimed the message since.</summary>
    /// <param name="claimed">The message.</param>
    /// <param name="dueAt">When it is due again.</param>
    /// <param name="attempts">The number of failed attempts so far.</param>
    /// <param name="cancellationToken">Cancels the call; the time may be set then.</param>
    /// <exception cref="IOException">The store could not write.</exception>
    ValueTask PostponeAsync(OutboxMessage claimed, DateTimeOffset dueAt, int attempts, CancellationToken cancellationToken);

    /// <summary>Removes the messages of all other queues that are due before a time.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="IOException">The store could not write.</exception>
    ValueTask<int> RemoveOthersAsync(IReadOnlyCollection<string> queues, DateTimeOffset dueBefore, CancellationToken cancellationToken);
}
