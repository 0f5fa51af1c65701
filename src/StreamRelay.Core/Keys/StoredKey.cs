namespace StreamRelay.Keys;

/// <summary>An API key in the store. The key itself is not stored.</summary>
/// <param name="Hash">The lower-case hexadecimal SHA-256 of the key.</param>
/// <param name="Owner">The owner that callers with the key act for.</param>
/// <param name="Scopes">What they may do; empty for all but <c>admin</c>.</param>
/// <param name="Agents">The agents that they may start, and whose tasks they see; empty for all.</param>
/// <param name="RequestsPerMinute">Requests a minute with the key; 0 for what the server allows every key.</param>
/// <param name="Note">A note for people, or <see langword="null"/>.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">From when on it is refused: its end, or the time at which it was revoked; <see langword="null"/> for never.</param>
/// <param name="LastUsedAt">When a request was made with it, to within a minute; <see langword="null"/> for never.</param>
public sealed record StoredKey(
    string Hash, string Owner, IReadOnlyList<string> Scopes, IReadOnlyList<string> Agents, int RequestsPerMinute, string? Note,
    DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt)
{
    /// <summary>The id by which the key is named where its hash is too long: its beginning.</summary>
    public string Id => IdOf(Hash);

    /// <summary>The id of the key with this hash.</summary>
    public static string IdOf(string hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        return "key_" + hash[..16];
    }
}
