using StreamRelay.Tasks;

namespace StreamRelay.Cluster;

/// <summary>A task that this node took from the queue.</summary>
/// <param name="Task">The task.</param>
/// <param name="Ticket">The id of the item in the queue.</param>
/// <param name="IsAbandoned">Whether another node held it and did not renew for a whole lease.</param>
public readonly record struct WorkItem(TaskId Task, string Ticket, bool IsAbandoned);
