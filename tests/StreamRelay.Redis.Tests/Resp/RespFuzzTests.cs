using System.Text;
using StreamRelay.Testing;

namespace StreamRelay.Redis.Resp;

/// <summary>Values made up at random, as they are and with damaged bytes.</summary>
public sealed class RespFuzzTests
{
    [Fact]
    public void Values_made_up_at_random_are_read_as_they_were_written()
    {
        foreach (var seed in Seeds.Take(2_000))
        {
            var random = new Random(seed);
            var (wire, shown) = (new StringBuilder(), new StringBuilder());
            Write(random, wire, shown, depth: 0);

            var (reader, bytes) = (new RespReader(), RespText.Bytes(wire.ToString()));
            Assert.False(reader.TryRead(bytes.AsSpan(0, random.Next(bytes.Length)), out _, out _));
            Assert.True(reader.TryRead(bytes, out var consumed, out var value), $"seed {seed}");
            Assert.Equal((bytes.Length, shown.ToString()), (consumed, RespText.Show(value)));
        }
    }

    [Fact]
    public void Damaged_bytes_are_values_or_refused_and_cost_no_more_memory_than_they_are_worth()
    {
        foreach (var seed in Seeds.Take(20_000))
        {
            var random = new Random(seed);
            var bytes = Damage(random, RespText.Bytes(string.Concat(Enumerable.Range(0, 3).Select(_ => Written(random)))));
            var before = GC.GetAllocatedBytesForCurrentThread();

            ReadAll(bytes, random);

            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 20_000 + 100L * bytes.Length, $"seed {seed}");
        }
    }

    private static void ReadAll(byte[] bytes, Random random)
    {
        var reader = new RespReader();
        try
        {
            for (int start = 0, end = 0; end < bytes.Length;)
            {
                end = random.Next(end, bytes.Length) + 1;
                while (reader.TryRead(bytes.AsSpan(start, end - start), out var consumed, out _))
                {
                    Assert.InRange(consumed, 1, end - start);
                    start += consumed;
                }
            }
        }
        catch (RespProtocolException)
        {
        }
    }

    private static byte[] Damage(Random random, byte[] bytes)
    {
        const string Likely = "+-:$*_#,(!=%~>|0123456789\r\n";
        for (var times = random.Next(1, 6); times > 0; times--)
            bytes[random.Next(bytes.Length)] = random.Next(4) == 0 ? (byte)random.Next(256) : (byte)Likely[random.Next(Likely.Length)];

        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static string Written(Random random)
    {
        var wire = new StringBuilder();
        Write(random, wire, new(), depth: 0);
        return wire.ToString();
    }

    private static void Write(Random random, StringBuilder wire, StringBuilder shown, int depth)
    {
        if (random.Next(8) == 0)
            WriteAttribute(random, wire, depth);

        switch (random.Next(depth < 4 ? 13 : 9))
        {
            case 0: Line('+', "Simple", Word(random)); break;
            case 1: Line('-', "Error", "ERR " + Word(random)); break;
            case 2: Line(':', "Integer", $"{random.NextInt64(long.MinValue, long.MaxValue)}"); break;
            case 3: Line('(', "BigNumber", $"{random.NextInt64()}{random.NextInt64()}"); break;
            case 4: Bulk("$", "Bulk", "", Noise(random)); break;
            case 5: Bulk("!", "Error", "", "ERR " + Word(random)); break;
            case 6: Bulk("=", "Verbatim", "mkd:", Noise(random)); break;
            case 7: Add(random.Next(2) == 0 ? "_\r\n" : "$-1\r\n", "Null"); break;
            case 8: Add("#t\r\n", "Boolean True"); break;
            case 9: Items('*', "Array", 1); break;
            case 10: Items('~', "Set", 1); break;
            case 11: Items('%', "Map", 2); break;
            default: Items(depth == 0 ? '>' : '*', depth == 0 ? "Push" : "Array", 1); break;
        }

        void Add(string bytes, string text) => (_, _) = (wire.Append(bytes), shown.Append(text));

        void Line(char type, string kind, string text) => Add($"{type}{text}\r\n", $"{kind} {text}");

        void Bulk(string type, string kind, string prefix, string text) => Add($"{type}{prefix.Length + text.Length}\r\n{prefix}{text}\r\n", $"{kind} {text}");

        void Items(char type, string kind, int each)
        {
            var count = random.Next(type == '>' ? 1 : 0, 5);
            Add($"{type}{count}\r\n", $"{kind} [");
            for (var index = 0; index < count * each; index++)
            {
                shown.Append(index > 0 ? ", " : "");
                Write(random, wire, shown, depth + 1);
            }

            shown.Append(']');
        }
    }

    private static void WriteAttribute(Random random, StringBuilder wire, int depth)
    {
        wire.Append("|1\r\n+key\r\n");
        Write(random, wire, new(), Math.Max(depth + 1, 4));
    }

    private static string Word(Random random) => new([.. Enumerable.Range(0, random.Next(10)).Select(_ => (char)random.Next(' ', '~'))]);

    private static string Noise(Random random) => new([.. Enumerable.Range(0, random.Next(40)).Select(_ => (char)random.Next(256))]);
}
