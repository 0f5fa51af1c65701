using StreamRelay.Tasks;

namespace StreamRelay.Outbox;

/// <summary>Stores something beside the end of a task.</summary>
public interface ITaskEndHandler
{
    /// <summary>Called when the terminal event of a task is durable, and before its record is stored as ended: whoever finds the ended record finds what this call stored.
    /// After a failure or a crash it is called again for the same task.</summary>
    /// <param name="ended">The record as it is about to be stored.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="IOException">The store could not write; the end of the task is stored later.</exception>
    ValueTask OnEndingAsync(TaskRecord ended, CancellationToken cancellationToken);
}
