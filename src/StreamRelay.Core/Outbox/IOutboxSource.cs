using StreamRelay.Tasks;

namespace StreamRelay.Outbox;

/// <summary>Creates the messages about the ends of tasks.</summary>
public interface IOutboxSource
{
    /// <summary>The messages about the end of a task. It must be quick and must not throw.</summary>
    /// <param name="ended">The record as it is about to be stored.</param>
    IReadOnlyList<OutboxMessage> CreateMessages(TaskRecord ended);

    /// <summary>Called when messages are stored, so that they can be sent.</summary>
    void OnStored(IReadOnlyList<OutboxMessage> messages);
}
