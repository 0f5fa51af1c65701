namespace StreamRelay.AspNetCore.Endpoints.Keys;

/// <summary>The body that makes a key, as the API document describes it.</summary>
/// <param name="Owner">The owner that callers with it act for.</param>
/// <param name="Scopes">What they may do; without any, all but <c>admin</c>.</param>
/// <param name="Agents">The agents that they may start, and whose tasks they see; without any, all.</param>
/// <param name="RequestsPerMinute">Requests a minute with it; without it, what the server allows every key.</param>
/// <param name="Note">A note for people.</param>
/// <param name="ExpiresAt">From when on it is refused.</param>
public sealed record KeyBody(string Owner, IReadOnlyList<string>? Scopes, IReadOnlyList<string>? Agents, int? RequestsPerMinute, string? Note, DateTimeOffset? ExpiresAt);
