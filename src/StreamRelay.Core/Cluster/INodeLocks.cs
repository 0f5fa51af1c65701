namespace StreamRelay.Cluster;

/// <summary>Locks that one node at a time holds. A lock expires after half a minute, because its node may have failed.</summary>
public interface INodeLocks
{
    /// <summary>Waits for the lock; dispose the result to release it.</summary>
    ValueTask<IAsyncDisposable> EnterAsync(string name, CancellationToken cancellationToken);
}
