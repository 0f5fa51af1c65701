using System.Text;

namespace StreamRelay.TestSupport.Fuzzing;

/// <summary>Changes names and values of a JSON text at random: the result is JSON, unless bytes of it are changed too.</summary>
public static class JsonMutation
{
    private const int MostChanges = 3;
    private const int DeepNesting = 70;

    private static readonly byte[][] Literals = [.. ((string[])
    [
        "null", "true", "false", "0", "-1", "1.5", "1e999", "9223372036854775808", "\"\"", "\"text\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "[null]", "[[]]", "[{}]",
        """{"type":"text","text":"x"}""", """[{"type":"unknown"}]""", """{"":null}""", new string('[', DeepNesting) + new string(']', DeepNesting),
    ]).Select(Encoding.UTF8.GetBytes)];

    /// <summary>Returns a sample with one to three of its names and values replaced, by literals or by those of any sample; sometimes with changed bytes too.</summary>
    public static byte[] Of(JsonSample sample, IReadOnlyList<JsonSample> all, Random random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(all);
        ArgumentNullException.ThrowIfNull(random);
        var bytes = sample.Bytes.AsSpan();
        var changed = new List<byte>(bytes.Length);
        var from = 0;
        foreach (var (range, isName) in Places(sample, random))
        {
            var (start, length) = range.GetOffsetAndLength(bytes.Length);
            if (start < from)
                continue;

            changed.AddRange(bytes[from..start]);
            Replace(changed, bytes.Slice(start, length), isName, all, random);
            from = start + length;
        }

        changed.AddRange(bytes[from..]);
        byte[] result = [.. changed];
        return random.Next(8) == 0 ? ByteMutation.Of(result, random) : result;
    }

    private static IEnumerable<(Range Range, bool IsName)> Places(JsonSample sample, Random random) =>
        Enumerable.Range(0, random.Next(1, MostChanges + 1)).Select(_ => Place(sample, random)).OrderBy(place => place.Range.Start.Value);

    // Not the outermost value: it would replace the whole text.
    private static (Range Range, bool IsName) Place(JsonSample sample, Random random) => sample.Names.Count > 0 && random.Next(4) == 0
        ? (sample.Names[random.Next(sample.Names.Count)], true)
        : (sample.Values[random.Next(Math.Min(1, sample.Values.Count - 1), sample.Values.Count)], false);

    private static void Replace(List<byte> target, ReadOnlySpan<byte> old, bool isName, IReadOnlyList<JsonSample> all, Random random)
    {
        var other = all[random.Next(all.Count)];
        switch (random.Next(isName ? 1 : 4))
        {
            case 0 when isName:
                target.AddRange(other.Names.Count > 0 ? other.Bytes.AsSpan(other.Names[random.Next(other.Names.Count)]) : old);
                break;
            case 0:
                target.AddRange(other.Bytes.AsSpan(other.Values[random.Next(other.Values.Count)]));
                break;
            case 1:
                target.AddRange([.. "["u8, .. old, .. ","u8, .. old, .. "]"u8]);
                break;
            default:
                target.AddRange(Literals[random.Next(Literals.Length)]);
                break;
        }
    }
}
