namespace StreamRelay.AspNetCore.Access;

/// <summary>The section <c>StreamRelay:Auth</c> as it was last read.</summary>
internal sealed class KeyRingState(AuthOptions options)
{
    /// <summary>The keys by hash.</summary>
    public IReadOnlyDictionary<string, ApiKeyOptions> Keys { get; } = options.Keys.ToDictionary(key => key.Hash);

    /// <summary>The keys with the bytes of their hashes.</summary>
    public IReadOnlyList<(byte[] Hash, ApiKeyOptions Key)> Hashes { get; } = [.. options.Keys.Select(static key => (Convert.FromHexString(key.Hash), key))];

    public IReadOnlySet<string> Origins { get; } = options.Origins.ToHashSet(StringComparer.OrdinalIgnoreCase);

    public string? Scheme => string.IsNullOrWhiteSpace(options.Scheme) ? null : options.Scheme;

    public bool IsLocalOnly => Keys.Count == 0 && Scheme is null && !options.AllowAnonymous;

    /// <summary>Whether the key with this hash, or none, has the same owner, scopes and agents as before.</summary>
    public bool HasSameRights(KeyRingState before, string hash) =>
        hash == Keyless.Hash ? KeylessOwner == before.KeylessOwner
        : Keys.TryGetValue(hash, out var key) && before.Keys.TryGetValue(hash, out var old)
            && key.Owner == old.Owner && key.Agents.SequenceEqual(old.Agents) && key.Scopes.SequenceEqual(old.Scopes);

    public string? KeylessOwner => options.AllowAnonymous ? Keyless.AnonymousOwner : IsLocalOnly ? Keyless.LocalOwner : null;
}
