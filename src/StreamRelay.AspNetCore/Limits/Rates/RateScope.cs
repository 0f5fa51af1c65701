namespace StreamRelay.AspNetCore.Limits.Rates;

/// <summary>Whose requests are counted together.</summary>
/// <param name="Of"><c>key</c>, <c>owner</c> or <c>address</c>.</param>
/// <param name="Name">Which one.</param>
/// <param name="PerMinute">The limit: a new one begins anew.</param>
internal readonly record struct RateScope(string Of, string Name, int PerMinute);
