using StreamRelay.Tasks;

namespace StreamRelay.Outbox;

/// <summary>A message about the end of a task that waits to be sent.</summary>
/// <param name="Queue">The receiver; a task has at most one message for each.</param>
/// <param name="Task">The task.</param>
/// <param name="DueAt">When it is to be sent; for a claimed message, when the claim ends.</param>
/// <param name="Attempts">The number of failed attempts.</param>
/// <param name="Body">The body.</param>
public sealed record OutboxMessage(string Queue, TaskId Task, DateTimeOffset DueAt, int Attempts, ReadOnlyMemory<byte> Body);
