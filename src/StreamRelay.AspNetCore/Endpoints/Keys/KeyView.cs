namespace StreamRelay.AspNetCore.Endpoints.Keys;

/// <summary>A stored key.</summary>
/// <param name="Id">Its id: <c>key_</c> and the beginning of its hash.</param>
/// <param name="Key">The key itself, in the answer that makes it and in no other.</param>
/// <param name="Owner">The owner that callers with it act for.</param>
/// <param name="Scopes">What they may do.</param>
/// <param name="Agents">The agents that they may start, and whose tasks they see; empty for all.</param>
/// <param name="RequestsPerMinute">Requests a minute with it; 0 for what the server allows every key.</param>
/// <param name="Note">A note for people.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">From when on it is refused, revoked or not; absent for never.</param>
/// <param name="LastUsedAt">When a request was made with it, to within a minute; absent for never.</param>
public sealed record KeyView(
    string Id, string? Key, string Owner, IReadOnlyList<string> Scopes, IReadOnlyList<string> Agents, int RequestsPerMinute, string? Note,
    DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt);
