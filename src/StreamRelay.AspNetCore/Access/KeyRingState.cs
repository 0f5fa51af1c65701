using StreamRelay.Keys;

namespace StreamRelay.AspNetCore.Access;

/// <summary>The section <c>StreamRelay:Auth</c> and the stored keys, as they were last read.</summary>
internal sealed class KeyRingState(AuthOptions options, IReadOnlyList<StoredKey> stored)
{
    public AuthOptions Options { get; } = options;

    public IReadOnlyList<StoredKey> Stored { get; } = stored;

    /// <summary>The keys by hash. A configured key wins over a stored one.</summary>
    public IReadOnlyDictionary<string, ApiKeyOptions> Keys { get; } =
        options.Keys.Concat(stored.Select(ToOptions)).DistinctBy(static key => key.Hash).ToDictionary(static key => key.Hash);

    public IReadOnlySet<string> Origins { get; } = options.Origins.ToHashSet(StringComparer.OrdinalIgnoreCase);

    public string? Scheme => string.IsNullOrWhiteSpace(Options.Scheme) ? null : Options.Scheme;

    /// <summary>Whether access is not configured. A key that has expired or was revoked still counts: a server does not open by itself.</summary>
    public bool IsLocalOnly => Keys.Count == 0 && Scheme is null && !Options.AllowAnonymous;

    public string? KeylessOwner => Options.AllowAnonymous ? Keyless.AnonymousOwner : IsLocalOnly ? Keyless.LocalOwner : null;

    /// <summary>Whether the key with this hash, or none, has the same owner, scopes and agents as before.</summary>
    public bool HasSameRights(KeyRingState before, string hash) =>
        hash == Keyless.Hash ? KeylessOwner == before.KeylessOwner
        : Keys.TryGetValue(hash, out var key) && before.Keys.TryGetValue(hash, out var old)
            && key.Owner == old.Owner && key.Agents.SequenceEqual(old.Agents) && key.Scopes.SequenceEqual(old.Scopes);

    private static ApiKeyOptions ToOptions(StoredKey key) =>
        new()
        {
            Name = key.Note,
            Owner = key.Owner,
            Hash = key.Hash,
            Scopes = [.. key.Scopes],
            Agents = [.. key.Agents],
            RequestsPerMinute = key.RequestsPerMinute,
            ExpiresAt = key.ExpiresAt,
        };
}
