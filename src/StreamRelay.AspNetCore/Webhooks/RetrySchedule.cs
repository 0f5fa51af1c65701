namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>The delays between attempts.</summary>
internal static class RetrySchedule
{
    /// <summary>The upper bound of a delay.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    /// <summary>The delay after a number of failed attempts: <paramref name="first"/>, doubled with each further one, and shortened by up to a quarter, so that
    /// a receiver that recovers does not receive all messages at once.</summary>
    /// <param name="first">The delay after the first attempt, before it is shortened.</param>
    /// <param name="attempts">The number of failed attempts; at least 1.</param>
    /// <param name="chance">How much of the quarter is subtracted; from 0 to 1.</param>
    public static TimeSpan Delay(TimeSpan first, int attempts, double chance) =>
        TimeSpan.FromTicks((long)(Math.Min(first.Ticks * Math.Pow(2, attempts - 1), LongestDelay.Ticks) * (1 - (chance / 4))));
}
