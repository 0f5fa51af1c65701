using StreamRelay.Tasks;

namespace StreamRelay.Logs;

/// <summary>The store has lost entries: the log ends before an entry that was read.</summary>
public sealed class LogTruncatedException(TaskId task) : IOException($"The log of task {task} ends before what was read of it: the store has lost its end.");
