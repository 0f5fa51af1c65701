namespace StreamRelay.Cluster;

/// <summary>A direction of the bytes through a <see cref="HoldingProxy"/>.</summary>
internal enum Direction
{
    Requests,
    Replies,
}
