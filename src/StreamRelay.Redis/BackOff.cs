namespace StreamRelay.Redis;

/// <summary>The time between attempts: twice as long each time up to two seconds, shortened at random by up to a half so that nodes do not try together.</summary>
internal static class BackOff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <param name="failed">How many attempts have failed before.</param>
    public static TimeSpan Delay(int failed)
    {
        var longest = First * Math.Pow(2, Math.Min(failed, 10));
        return (longest < Longest ? longest : Longest) * (0.5 + Random.Shared.NextDouble() / 2);
    }
}
