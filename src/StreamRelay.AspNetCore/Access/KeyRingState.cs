using StreamRelay.Keys;

namespace StreamRelay.AspNetCore.Access;

/// <summary>The section <c>StreamRelay:Auth</c> and the stored keys, as they were last read.</summary>
internal sealed class KeyRingState
{
    public KeyRingState(AuthOptions options, IReadOnlyList<StoredKey> stored)
    {
        Options = options;
        Stored = stored;
        Origins = options.Origins.ToHashSet(StringComparer.OrdinalIgnoreCase);
        Keys = options.Keys.Concat(stored.Select(ToOptions)).DistinctBy(static key => key.Hash).ToDictionary(static key => key.Hash);
        KeysById = Keys.Values.DistinctBy(static key => StoredKey.IdOf(key.Hash)).ToDictionary(static key => StoredKey.IdOf(key.Hash));
    }

    public AuthOptions Options { get; }

    public IReadOnlyList<StoredKey> Stored { get; }

    /// <summary>The keys by hash. A configured key wins over a stored one.</summary>
    public IReadOnlyDictionary<string, ApiKeyOptions> Keys { get; }

    /// <summary>The same keys by id.</summary>
    public IReadOnlyDictionary<string, ApiKeyOptions> KeysById { get; }

    public IReadOnlySet<string> Origins { get; }

    public string? Scheme => string.IsNullOrWhiteSpace(Options.Scheme) ? null : Options.Scheme;

    /// <summary>Whether access is not configured. A key that has expired or was revoked still counts: a server does not open by itself.</summary>
    public bool IsLocalOnly => Keys.Count == 0 && Scheme is null && !Options.AllowAnonymous;

    public string? KeylessOwner => Options.AllowAnonymous ? Keyless.AnonymousOwner : IsLocalOnly ? Keyless.LocalOwner : null;

    /// <summary>Whether the key with this id, or none, has the same owner, scopes and agents as before.</summary>
    public bool HasSameRights(KeyRingState before, string id) =>
        id == Keyless.Id ? KeylessOwner == before.KeylessOwner
        : KeysById.TryGetValue(id, out var key) && before.KeysById.TryGetValue(id, out var old)
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
