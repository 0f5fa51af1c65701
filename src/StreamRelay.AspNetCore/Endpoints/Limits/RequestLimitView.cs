namespace StreamRelay.AspNetCore.Endpoints.Limits;

/// <summary>A limit of requests.</summary>
/// <param name="Of">What has the limit: <c>key</c>, <c>owner</c> or <c>address</c>.</param>
/// <param name="PerMinute">Requests a minute.</param>
/// <param name="Remaining">Requests that are accepted now.</param>
/// <param name="ResetSeconds">How long it takes until all of them are accepted again.</param>
public sealed record RequestLimitView(string Of, int PerMinute, long Remaining, double ResetSeconds);
