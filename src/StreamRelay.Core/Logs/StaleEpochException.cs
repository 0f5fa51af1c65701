using StreamRelay.Tasks;

namespace StreamRelay.Logs;

/// <summary>A writer with a higher epoch owns the log now; this one may no longer append.</summary>
public sealed class StaleEpochException(TaskId task, long epoch)
    : InvalidOperationException($"Epoch {epoch} may no longer write to task {task}: a newer attempt owns it.");
