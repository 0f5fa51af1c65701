namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>How long to wait after a failed attempt.</summary>
internal static class RetrySchedule
{
    /// <summary>No wait is longer.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    /// <summary>The wait after so many failed attempts: <paramref name="first"/>, doubled with each, less up to a quarter, so that a receiver
    /// that comes back is not met by all at once.</summary>
    /// <param name="first">The wait after the first, before anything is left out.</param>
    /// <param name="attempts">How many have failed; at least 1.</param>
    /// <param name="chance">From 0 to 1: how much of the quarter is left out.</param>
    public static TimeSpan Delay(TimeSpan first, int attempts, double chance) =>
        TimeSpan.FromTicks((long)(Math.Min(first.Ticks * Math.Pow(2, attempts - 1), LongestDelay.Ticks) * (1 - (chance / 4))));
}
