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

    public string? KeylessOwner => options.AllowAnonymous ? KeyRing.AnonymousOwner : IsLocalOnly ? KeyRing.LocalOwner : null;
}
