namespace StreamRelay.Redis;

/// <summary>How long a store waits and keeps.</summary>
/// <param name="Outage">How long reads and appends wait for Redis while it is away.</param>
/// <param name="Keep">How long the log of an ended task is kept at most.</param>
public sealed record StoreTimes(TimeSpan Outage, TimeSpan Keep);
