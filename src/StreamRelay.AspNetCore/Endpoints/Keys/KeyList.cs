namespace StreamRelay.AspNetCore.Endpoints.Keys;

/// <summary>The stored keys, oldest first.</summary>
/// <param name="Data">The keys, the expired and revoked ones too.</param>
public sealed record KeyList(IReadOnlyList<KeyView> Data);
