namespace StreamRelay.Limits;

/// <summary>Rates that the nodes of a cluster count together: as much as a minute has may come at once, and comes back evenly. A capability of shared stores.</summary>
public interface ISharedRates
{
    /// <summary>Takes from each rate, or from none when one has too little left.</summary>
    /// <param name="scopes">The rates; the limit is that of a minute.</param>
    /// <param name="amount">How much to take; 0 to read.</param>
    /// <returns>What is left of each afterwards, and -1 of each that had too little; <see langword="null"/> when the store does not answer: the node counts alone.</returns>
    ValueTask<IReadOnlyList<long>?> TakeAsync(IReadOnlyList<LimitScope> scopes, int amount);
}
