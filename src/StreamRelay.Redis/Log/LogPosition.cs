using StreamRelay.Tasks;

namespace StreamRelay.Redis.Log;

/// <summary>Where a writer starts.</summary>
/// <param name="Task">The task.</param>
/// <param name="Epoch">The writer's epoch, whose marker is in the log.</param>
/// <param name="Last">The newest batch; <see langword="null"/> in a log without one.</param>
internal readonly record struct LogPosition(TaskId Task, long Epoch, StoredBatch? Last);
