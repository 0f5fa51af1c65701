namespace StreamRelay.Redis.Log;

/// <summary>Elements that follow each other in a log.</summary>
/// <param name="Batches">The elements.</param>
/// <param name="IsEnd">Whether they were the last ones when they were read; otherwise there may be more.</param>
internal sealed record LogRange(IReadOnlyList<StoredBatch> Batches, bool IsEnd)
{
    /// <summary>The same elements after another one.</summary>
    public LogRange StartingWith(StoredBatch first) => this with { Batches = [first, .. Batches] };
}
