using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Hears of the end of every task, also of those that a restart brings to an end.</summary>
public interface ITaskObserver
{
    /// <summary>Called when the terminal event is durable, and before the stored record says so: what the observer has kept on return
    /// is not lost to a crash, and a crash before makes the next start call again, with the same end.</summary>
    /// <param name="ended">The record as it is about to be stored.</param>
    /// <remarks>It must be quick, and must not throw: the task is not seen to end before it returns, and after an exception only with the next start.
    /// Wait with <see cref="AgentHost.WaitAsync"/> for what has to come after the record.</remarks>
    ValueTask EndingAsync(TaskRecord ended);
}
