namespace StreamRelay.Cluster;

/// <summary>A node that could run more tasks.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Slots">How many tasks it could run.</param>
public readonly record struct IdleNode(string Node, int Slots);
