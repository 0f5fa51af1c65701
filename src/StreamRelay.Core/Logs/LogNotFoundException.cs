using StreamRelay.Tasks;

namespace StreamRelay.Logs;

/// <summary>The task has no log: it was never written, or it was deleted.</summary>
public sealed class LogNotFoundException(TaskId task) : IOException($"Task {task} has no log.");
