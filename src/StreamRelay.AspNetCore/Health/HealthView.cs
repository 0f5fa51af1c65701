namespace StreamRelay.AspNetCore.Health;

/// <summary>The health of the server.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c> or <c>not_ready</c>.</param>
/// <param name="Checks">The status of each check by its name: <c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>; absent for <c>live</c>.</param>
/// <param name="Reasons">Why checks are not healthy, by their names; absent when no check gives a reason.</param>
public sealed record HealthView(string Status, IReadOnlyDictionary<string, string>? Checks = null, IReadOnlyDictionary<string, string>? Reasons = null);
