using System.Text;

namespace StreamRelay.TestSupport.Fuzzing;

/// <summary>Gives a parser samples that are changed at random, the same in every run; more of them come with <c>STREAMRELAY_SEEDS</c>. The parser checks its
/// own result and throws when it is wrong. Inputs that once failed are samples: they are given to it unchanged, and changed.</summary>
public static class Fuzz
{
    private const long MostGrowth = 32 << 20;
    private const long MostAllocated = 1 << 20;
    private const long MostAllocatedPerByte = 1 << 10;

    /// <summary>Changes the bytes of the samples.</summary>
    /// <param name="usually">The number of inputs, unless <c>STREAMRELAY_SEEDS</c> is larger.</param>
    /// <param name="samples">Inputs that the parser accepts or refuses.</param>
    /// <param name="parse">Parses an input on the calling thread.</param>
    /// <exception cref="FuzzException">The parser failed, took memory out of proportion to an input, or kept memory.</exception>
    public static void Bytes(int usually, IReadOnlyList<byte[]> samples, Action<byte[]> parse) =>
        Run(usually, samples, random => ByteMutation.Of(samples[random.Next(samples.Count)], random), parse);

    /// <inheritdoc cref="Bytes"/>
    public static void Text(int usually, IReadOnlyList<string> samples, Action<string> parse) =>
        Bytes(usually, [.. samples.Select(Encoding.UTF8.GetBytes)], input => parse(Encoding.UTF8.GetString(input)));

    /// <summary>Changes the names and values of the samples, and sometimes bytes of the result.</summary>
    /// <inheritdoc cref="Bytes"/>
    public static void Json(int usually, IReadOnlyList<string> samples, Action<byte[]> parse)
    {
        JsonSample[] all = [.. samples.Select(sample => new JsonSample(sample))];
        Run(usually, [.. all.Select(sample => sample.Bytes)], random => JsonMutation.Of(all[random.Next(all.Length)], all, random), parse);
    }

    private static void Run(int usually, IEnumerable<byte[]> samples, Func<Random, byte[]> change, Action<byte[]> parse)
    {
        foreach (var sample in samples)
            Try(0, sample, parse);

        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var seed in Seeds.Take(usually))
            Try(seed, change(new(seed)), parse);

        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        if (growth > MostGrowth)
            throw new FuzzException($"After {Seeds.Count(usually)} inputs {growth} bytes are kept.");
    }

    private static void Try(int seed, byte[] input, Action<byte[]> parse)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            parse(input);
        }
        catch (Exception exception)
        {
            throw new FuzzException($"{exception.GetType().Name}: {exception.Message}\n{Describe(seed, input)}", exception);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > MostAllocated + (MostAllocatedPerByte * input.Length))
            throw new FuzzException($"{allocated} bytes were allocated.\n{Describe(seed, input)}");
    }

    private static string Describe(int seed, byte[] input) => $"Seed {seed}: {Encoding.UTF8.GetString(input)}\nAs Base64: {Convert.ToBase64String(input)}";
}
