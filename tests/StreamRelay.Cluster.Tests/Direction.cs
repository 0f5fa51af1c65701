namespace StreamRelay.Cluster;

/// <summary>One of the two ways that bytes take through a <see cref="Gate"/>.</summary>
internal enum Direction
{
    Requests,
    Replies,
}
