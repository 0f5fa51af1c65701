using StreamRelay.Tasks;

namespace StreamRelay.Redis.Log;

/// <summary>The settings that all writers of a node have in common.</summary>
/// <param name="Node">The node's name, which its markers contain.</param>
/// <param name="Outage">How long an append waits for Redis while it is away.</param>
/// <param name="IsKeptAsync">Whether a task's record exists in an epoch: a log that is gone was lost then, and not deleted, because the record is deleted first.</param>
internal sealed record LogWriterOptions(string Node, TimeSpan Outage, Func<TaskId, long, Task<bool>> IsKeptAsync);
