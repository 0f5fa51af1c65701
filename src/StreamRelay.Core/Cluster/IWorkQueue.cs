using StreamRelay.Tasks;

namespace StreamRelay.Cluster;

/// <summary>The tasks that several nodes run together: whoever has room takes one. A capability of shared stores; without it, a process runs all its tasks itself.</summary>
/// <remarks>It wakes nodes, and owns nothing: who may run a task is decided by compare-and-set on its record, and by the epoch of its log.</remarks>
public interface IWorkQueue
{
    /// <summary>This node's name.</summary>
    string Node { get; }

    /// <summary>How long a node is not heard of before it counts as gone.</summary>
    TimeSpan Lease { get; }

    /// <summary>Offers a task to whoever has room. Offering it twice does no harm.</summary>
    ValueTask OfferAsync(TaskId task, CancellationToken cancellationToken);

    /// <summary>Waits for tasks that are offered, or whose node was not heard of for a whole lease. An outage of the store is waited for.</summary>
    /// <returns>At most <paramref name="limit"/>; from time to time none.</returns>
    ValueTask<IReadOnlyList<WorkItem>> TakeAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Tells the others that this node is there, and has these tasks in hand.</summary>
    /// <exception cref="IOException">They could not be told.</exception>
    ValueTask RenewAsync(IReadOnlyCollection<WorkItem> items, CancellationToken cancellationToken);

    /// <summary>Whether a node was heard of within the last lease.</summary>
    ValueTask<bool> IsAliveAsync(string node, CancellationToken cancellationToken);

    /// <summary>Offers those of the tasks that the queue does not know: the store lost them, or their node ended before it could offer them.</summary>
    /// <returns>How many.</returns>
    ValueTask<int> OfferMissingAsync(IReadOnlyCollection<TaskId> tasks, CancellationToken cancellationToken);

    /// <summary>Gives a task to another node at once, instead of a lease later. This node counts as gone from then on.</summary>
    ValueTask ReleaseAsync(WorkItem item, CancellationToken cancellationToken);

    /// <summary>Forgets a task that has ended.</summary>
    ValueTask CompleteAsync(WorkItem item, CancellationToken cancellationToken);
}
