namespace StreamRelay.TestSupport;

/// <summary>How much a randomised test tries: a fixed number by default, more when <c>STREAMRELAY_SEEDS</c> is larger.</summary>
public static class Seeds
{
    /// <summary>Returns the number of cases that a property is checked with. A failure prints the seed of its smallest case.</summary>
    public static int Count(int usually) =>
        int.TryParse(Environment.GetEnvironmentVariable("STREAMRELAY_SEEDS"), out var many) ? Math.Max(many, usually) : usually;

    /// <summary>Returns the seeds that a simulation is repeated with.</summary>
    public static IEnumerable<int> Take(int usually) => Enumerable.Range(1, Count(usually));
}
