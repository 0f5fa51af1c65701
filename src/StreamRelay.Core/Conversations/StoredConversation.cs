namespace StreamRelay.Conversations;

/// <summary>A conversation that is kept for its owner. Its items are stored separately from it.</summary>
/// <param name="Id">Its id; ids are never reused.</param>
/// <param name="Owner">The owner.</param>
/// <param name="CreatedAt">When it was created (UTC).</param>
/// <param name="Metadata">The client's own metadata: a UTF-8 JSON object.</param>
public sealed record StoredConversation(string Id, string Owner, DateTimeOffset CreatedAt, ReadOnlyMemory<byte> Metadata)
{
    /// <summary>When it was used last (UTC).</summary>
    public DateTimeOffset UsedAt { get; init; } = CreatedAt;

    /// <summary>The agents that answered in it.</summary>
    public IReadOnlyList<string> Agents { get; init; } = [];

    /// <summary>The number of its items.</summary>
    public long Items { get; init; }

    /// <summary>The bytes of its items.</summary>
    public long Bytes { get; init; }
}
