namespace StreamRelay.Cluster;

/// <summary>Lets one node at a time do something. Short: a lock that is held for half a minute is taken for one whose node is gone.</summary>
public interface INodeLocks
{
    /// <summary>Waits for the lock; dispose the result to let it go.</summary>
    ValueTask<IAsyncDisposable> EnterAsync(string name, CancellationToken cancellationToken);
}
