namespace StreamRelay.Limits;

/// <summary>Numbers of things that are open at the same time on the nodes of a cluster. What a node counted ends with the node. A capability of shared stores.</summary>
public interface ISharedCounts
{
    /// <summary>Counts one more thing, unless one of the limits is reached. While the store does not answer everything is counted.</summary>
    /// <returns>The limit that is reached; <see langword="null"/> when the thing was counted, and <see cref="Leave"/> has to be called.</returns>
    ValueTask<LimitScope?> EnterAsync(IReadOnlyList<LimitScope> scopes);

    /// <summary>Removes a thing that was counted, soon.</summary>
    void Leave(IReadOnlyList<LimitScope> scopes);

    /// <summary>The numbers.</summary>
    /// <returns><see langword="null"/> when the store does not answer.</returns>
    ValueTask<IReadOnlyList<long>?> CountAsync(IReadOnlyList<LimitScope> scopes);
}
