namespace StreamRelay.AspNetCore.Access;

/// <summary>What the configuration of access says, at one moment.</summary>
internal sealed class KeyRingState(AuthOptions options)
{
    /// <summary>The keys by hash.</summary>
    public IReadOnlyDictionary<string, ApiKeyOptions> Keys { get; } = options.Keys.ToDictionary(key => key.Hash);

    public IReadOnlySet<string> Origins { get; } = options.Origins.ToHashSet(StringComparer.OrdinalIgnoreCase);

    public bool IsLocalOnly => Keys.Count == 0 && !options.AllowAnonymous;

    public string? KeylessOwner => options.AllowAnonymous ? KeyRing.AnonymousOwner : Keys.Count == 0 ? KeyRing.LocalOwner : null;
}
