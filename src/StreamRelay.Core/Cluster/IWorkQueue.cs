using StreamRelay.Tasks;

namespace StreamRelay.Cluster;

/// <summary>The queue of tasks that a cluster runs: a node with a free slot takes one. A capability of shared stores.</summary>
/// <remarks>The queue wakes nodes and owns nothing: compare-and-set on the record and the epoch of the log decide which node may run a task.</remarks>
public interface IWorkQueue
{
    /// <summary>This node's name.</summary>
    string Node { get; }

    /// <summary>The time without a renewal after which a node counts as failed.</summary>
    TimeSpan Lease { get; }

    /// <summary>Offers a task to all nodes. A task may be offered twice.</summary>
    ValueTask OfferAsync(TaskId task, CancellationToken cancellationToken);

    /// <summary>Waits for tasks that are offered, or whose node did not renew for a whole lease. Waits for the store during an outage.</summary>
    /// <returns>At most <paramref name="limit"/> items; from time to time none.</returns>
    ValueTask<IReadOnlyList<WorkItem>> TakeAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Renews the lease of this node and of the items that it holds.</summary>
    /// <exception cref="IOException">The lease could not be renewed.</exception>
    ValueTask RenewAsync(IReadOnlyCollection<WorkItem> items, CancellationToken cancellationToken);

    /// <summary>Whether a node renewed within the last lease.</summary>
    ValueTask<bool> IsAliveAsync(string node, CancellationToken cancellationToken);

    /// <summary>Offers the tasks that are not in the queue: the store lost them, or their node ended before it could offer them.</summary>
    /// <returns>How many tasks were offered.</returns>
    ValueTask<int> OfferMissingAsync(IReadOnlyCollection<TaskId> tasks, CancellationToken cancellationToken);

    /// <summary>Hands a task to another node at once, instead of after a lease. This node counts as failed from then on.</summary>
    ValueTask ReleaseAsync(WorkItem item, CancellationToken cancellationToken);

    /// <summary>Removes a task that has ended.</summary>
    ValueTask CompleteAsync(WorkItem item, CancellationToken cancellationToken);
}
