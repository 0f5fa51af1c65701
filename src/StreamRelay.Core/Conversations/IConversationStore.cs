namespace StreamRelay.Conversations;

/// <summary>Keeps conversations and their items. A conversation of another owner is treated as one that does not exist. Times are whole milliseconds.
/// Safe to use from any thread, and, where several processes share the store, from any process.</summary>
public interface IConversationStore
{
    /// <summary>Stores a new conversation with its first items.</summary>
    /// <exception cref="IOException">The store could not write.</exception>
    ValueTask AddAsync(StoredConversation conversation, IReadOnlyList<ConversationItem> items, CancellationToken cancellationToken);

    /// <summary>Finds a conversation.</summary>
    /// <exception cref="IOException">The store could not be read.</exception>
    ValueTask<StoredConversation?> FindAsync(string owner, string id, CancellationToken cancellationToken);

    /// <summary>Replaces the metadata of a conversation.</summary>
    /// <returns><see langword="false"/> when there is no such conversation.</returns>
    /// <exception cref="IOException">The store could not write.</exception>
    ValueTask<bool> SetMetadataAsync(string owner, string id, ReadOnlyMemory<byte> metadata, CancellationToken cancellationToken);

    /// <summary>Appends items in one step: items of two calls are not mixed. An item whose id the conversation has already is not added again, so that a call can be repeated.</summary>
    /// <returns><see langword="false"/> when there is no such conversation.</returns>
    /// <exception cref="IOException">The store could not write.</exception>
    ValueTask<bool> AppendAsync(string owner, string id, ConversationAddition addition, CancellationToken cancellationToken);

    /// <summary>Lists items in the order in which they were appended, or in the reverse order.</summary>
    /// <returns>The items; none when there is no such conversation; <see langword="null"/> when it does not have the item that the query names.</returns>
    /// <exception cref="IOException">The store could not be read.</exception>
    ValueTask<IReadOnlyList<ConversationItem>?> ListAsync(string owner, string id, ConversationItemQuery query, CancellationToken cancellationToken);

    /// <summary>Finds an item of a conversation.</summary>
    /// <exception cref="IOException">The store could not be read.</exception>
    ValueTask<ConversationItem?> FindItemAsync(string owner, string id, string item, CancellationToken cancellationToken);

    /// <summary>Deletes an item of a conversation.</summary>
    /// <returns><see langword="false"/> when there is no such item.</returns>
    /// <exception cref="IOException">The store could not write.</exception>
    ValueTask<bool> DeleteItemAsync(string owner, string id, string item, CancellationToken cancellationToken);

    /// <summary>Deletes a conversation with its items.</summary>
    /// <returns><see langword="false"/> when there is no such conversation.</returns>
    /// <exception cref="IOException">The store could not write.</exception>
    ValueTask<bool> DeleteAsync(string owner, string id, CancellationToken cancellationToken);

    /// <summary>Deletes conversations of every owner that were last used before a time, the oldest first.</summary>
    /// <param name="usedBefore">The time.</param>
    /// <param name="limit">How many to delete at the most, so that other writes do not wait for many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many were deleted; fewer than <paramref name="limit"/> when no more are left that nobody uses at this moment.</returns>
    /// <exception cref="IOException">The store could not write.</exception>
    ValueTask<int> DeleteUnusedAsync(DateTimeOffset usedBefore, int limit, CancellationToken cancellationToken);
}
