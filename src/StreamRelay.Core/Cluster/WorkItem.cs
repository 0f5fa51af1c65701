using StreamRelay.Tasks;

namespace StreamRelay.Cluster;

/// <summary>A task that this node was given.</summary>
/// <param name="Task">The task.</param>
/// <param name="Ticket">What the queue knows it by.</param>
/// <param name="IsAbandoned">Whether another node had it, and was not heard of for a whole lease.</param>
public readonly record struct WorkItem(TaskId Task, string Ticket, bool IsAbandoned);
