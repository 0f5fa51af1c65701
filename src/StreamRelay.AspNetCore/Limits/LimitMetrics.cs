using System.Diagnostics.Metrics;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>Counts what limits refuse, as <c>streamrelay.limit.refusals</c> of the meter <c>StreamRelay.Limits</c>, with the limit as the tag <c>limit</c>.</summary>
public sealed class LimitMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _refusals = meters.Create("StreamRelay.Limits").CreateCounter<long>("streamrelay.limit.refusals", "{refusal}", "What limits refuse.");

    /// <summary>Counts a refusal.</summary>
    /// <param name="limit">The limit that refuses, such as <c>requests_per_key</c>.</param>
    public void Refuse(string limit) => _refusals.Add(1, new KeyValuePair<string, object?>("limit", limit));
}
