using StreamRelay.Tasks;

namespace StreamRelay.Outbox;

/// <summary>Creates the messages about the ends of tasks.</summary>
public interface IOutboxSource
{
    /// <summary>The messages about the end of a task. It must be quick.</summary>
    /// <param name="ended">The record as it is about to be stored.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="IOException">The log could not be read; the end of the task is stored later.</exception>
    ValueTask<IReadOnlyList<OutboxMessage>> CreateMessagesAsync(TaskRecord ended, CancellationToken cancellationToken);

    /// <summary>Called when messages are stored, so that they can be sent.</summary>
    void OnStored(IReadOnlyList<OutboxMessage> messages);
}
