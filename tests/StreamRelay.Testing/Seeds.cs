namespace StreamRelay.Testing;

/// <summary>The seeds of a randomised test: a few by default, as many as <c>STREAMRELAY_SEEDS</c> says by hand.</summary>
public static class Seeds
{
    public static IEnumerable<int> Take(int usually) =>
        Enumerable.Range(1, int.TryParse(Environment.GetEnvironmentVariable("STREAMRELAY_SEEDS"), out var many) ? Math.Max(many, usually) : usually);
}
