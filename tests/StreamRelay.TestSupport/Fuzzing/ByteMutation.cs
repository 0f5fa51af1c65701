using System.Text;

namespace StreamRelay.TestSupport.Fuzzing;

/// <summary>Changes bytes at random: replaces, inserts, removes and repeats some of them.</summary>
public static class ByteMutation
{
    private const int MostChanges = 3;
    private const int MostRemoved = 20;
    private const int MostRepeated = 40;

    private static readonly byte[][] Pieces = [.. ((string[])
    [
        "\"", "\\ud800", "\\u0000", "\0", "null", "{", "}", "[[[[[[[[", "]", ":", ",", "1e999", "-1", "9223372036854775808", "0.1", "true", "\r", "\n", "\n\n", "\t", "\uFEFF",
        "\"role\":\"user\"", "\"type\":\"text\"", "\"content\":[]", "\"content\":null", "\"parts\":[]", "\"event_type\":\"end\"", "\"input\":{}", "\"\":\"\"", "data: ", "💥",
    ]).Select(Encoding.UTF8.GetBytes)];

    /// <summary>Returns the bytes with one to three changes.</summary>
    public static byte[] Of(ReadOnlySpan<byte> input, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        List<byte> bytes = [.. input];
        for (var changes = random.Next(1, MostChanges + 1); changes > 0 && bytes.Count > 0; changes--)
            Change(bytes, random.Next(bytes.Count), random);

        return [.. bytes];
    }

    private static void Change(List<byte> bytes, int at, Random random)
    {
        switch (random.Next(5))
        {
            case 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                break;
            case 3:
                bytes.RemoveRange(at, Math.Min(random.Next(1, MostRemoved), bytes.Count - at));
                break;
            default:
                bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, Math.Min(random.Next(1, MostRepeated), bytes.Count - at)));
                break;
        }
    }
}
