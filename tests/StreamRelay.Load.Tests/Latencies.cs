using System.Globalization;

namespace StreamRelay.Load;

/// <summary>How long each of several requests took.</summary>
internal sealed class Latencies(IEnumerable<TimeSpan> times)
{
    private readonly TimeSpan[] _sorted = [.. times.Order()];

    public TimeSpan Median => At(0.5);

    public TimeSpan P99 => At(0.99);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"median {Median.TotalMilliseconds:0.0} ms, p99 {P99.TotalMilliseconds:0.0} ms, longest {_sorted[^1].TotalMilliseconds:0.0} ms of {_sorted.Length}");

    private TimeSpan At(double share) => _sorted[(int)Math.Ceiling(share * _sorted.Length) - 1];
}
