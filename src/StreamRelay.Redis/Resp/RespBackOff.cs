namespace StreamRelay.Redis.Resp;

/// <summary>How long to wait between attempts: longer each time, and not as long as the others wait.</summary>
internal static class RespBackOff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <param name="attempt">How many have failed before.</param>
    public static TimeSpan Delay(int attempt)
    {
        var longest = First * Math.Pow(2, Math.Min(attempt, 10));
        return (longest < Longest ? longest : Longest) * (0.5 + Random.Shared.NextDouble() / 2);
    }
}
