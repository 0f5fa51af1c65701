namespace StreamRelay.AspNetCore.Limits.Rates;

/// <summary>A limit of requests, and what is left of it.</summary>
/// <param name="Of">What has the limit: <c>key</c>, <c>owner</c> or <c>address</c>.</param>
/// <param name="PerMinute">Requests a minute.</param>
/// <param name="Remaining">Requests that are accepted now.</param>
/// <param name="IsAllowed">Whether this request is accepted.</param>
public sealed record RateState(string Of, int PerMinute, long Remaining, bool IsAllowed)
{
    private const double SecondsPerMinute = 60;

    /// <summary>How long it takes until as many requests are accepted as at the beginning, in seconds.</summary>
    public double ResetSeconds => Math.Ceiling((PerMinute - Remaining) * SecondsPerMinute / PerMinute);

    /// <summary>How long it takes until one more request is accepted, in seconds.</summary>
    public double RetrySeconds => Math.Max(1, Math.Ceiling(SecondsPerMinute / PerMinute));
}
