using StreamRelay.Tasks;

namespace StreamRelay.Logs;

/// <summary>The store cannot read an entry of the log, because what is stored of it was changed or is missing. The entries before it can be read.</summary>
/// <param name="task">The task.</param>
/// <param name="after">The offset of the last entry before the damage; 0 when the first entry is damaged.</param>
public sealed class LogDamagedException(TaskId task, long after) : IOException($"The log of task {task} is damaged after entry {after}.")
{
    /// <summary>The task.</summary>
    public TaskId Task => task;

    /// <summary>The offset of the last entry before the damage.</summary>
    public long After => after;
}
