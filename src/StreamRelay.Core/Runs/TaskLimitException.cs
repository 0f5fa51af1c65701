namespace StreamRelay.Runs;

/// <summary>A start is refused, because so many tasks of its owner or its agent wait already. A later call may succeed.</summary>
public sealed class TaskLimitException(string message) : Exception(message);
