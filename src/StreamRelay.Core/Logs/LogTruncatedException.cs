using StreamRelay.Tasks;

namespace StreamRelay.Logs;

/// <summary>The store has lost the end of a log: it ends before what was read of it.</summary>
public sealed class LogTruncatedException(TaskId task) : IOException($"The log of task {task} ends before what was read of it: the store has lost its end.");
