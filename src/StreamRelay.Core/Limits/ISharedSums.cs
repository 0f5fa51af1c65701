namespace StreamRelay.Limits;

/// <summary>Sums that the nodes of a cluster add to until they end. A capability of shared stores.</summary>
public interface ISharedSums
{
    /// <summary>Adds to sums, soon: what could not be added during an outage of the store is added after it.</summary>
    /// <param name="names">The sums.</param>
    /// <param name="amount">How much to add.</param>
    /// <param name="until">When the sums end, after which the store may forget them.</param>
    void Add(IReadOnlyList<string> names, long amount, DateTimeOffset until);

    /// <summary>The sums, 0 for each that nothing was added to, or that the store has lost.</summary>
    /// <returns><see langword="null"/> when the store does not answer.</returns>
    ValueTask<IReadOnlyList<long>?> ReadAsync(IReadOnlyList<string> names);
}
