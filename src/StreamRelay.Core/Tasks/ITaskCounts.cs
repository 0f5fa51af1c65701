namespace StreamRelay.Tasks;

/// <summary>Counts tasks without reading them. A capability of stores that several nodes share.</summary>
public interface ITaskCounts
{
    /// <summary>The queued tasks of an owner.</summary>
    ValueTask<int> CountQueuedOfOwnerAsync(string owner, CancellationToken cancellationToken);

    /// <summary>The queued tasks that a key has started.</summary>
    ValueTask<int> CountQueuedOfKeyAsync(string keyId, CancellationToken cancellationToken);
}
