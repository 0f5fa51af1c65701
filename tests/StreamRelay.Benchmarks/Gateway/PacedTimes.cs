namespace StreamRelay.Benchmarks.Gateway;

/// <summary>What a client of the paced model saw.</summary>
/// <param name="First">The time from the request to the first delta.</param>
/// <param name="Ways">How long each delta was on its way.</param>
internal sealed record PacedTimes(TimeSpan First, IReadOnlyList<TimeSpan> Ways);
