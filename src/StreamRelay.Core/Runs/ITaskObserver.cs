using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Is informed of the end of every task, also of tasks that a restart ends.</summary>
public interface ITaskObserver
{
    /// <summary>Called when the terminal event is durable, and before the end is stored in the record: what the observer has kept on return
    /// is not lost to a crash, and after a crash in between the next start calls again, with the same end.</summary>
    /// <param name="ended">The record as it is about to be stored.</param>
    /// <remarks>It must be quick and must not throw: the task is not seen to end before it returns, and after an exception only with the next start.
    /// Await <see cref="AgentHost.WaitAsync"/> for work that has to follow the stored record.</remarks>
    ValueTask EndingAsync(TaskRecord ended);
}
