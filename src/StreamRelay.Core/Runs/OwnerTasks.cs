namespace StreamRelay.Runs;

/// <summary>The tasks of one owner in this process.</summary>
/// <param name="Running">Tasks that run.</param>
/// <param name="RunningLimit">Tasks that may run at once.</param>
/// <param name="Queued">Tasks that wait.</param>
/// <param name="QueuedLimit">Tasks that may wait.</param>
public readonly record struct OwnerTasks(int Running, int RunningLimit, int Queued, int QueuedLimit);
