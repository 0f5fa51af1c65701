namespace StreamRelay.Redis.Resp;

public sealed class RespReaderTests
{
    public static TheoryData<string, string> Values => new()
    {
        { "+OK\r\n", "Simple OK" },
        { "+\r\n", "Simple " },
        { "+a text\r\n", "Simple a text" },
        { "-WRONGTYPE not that\r\n", "Error WRONGTYPE not that" },
        { "!10\r\nERR a\r\nb c\r\n", "Error ERR a\r\nb c" },
        { ":0\r\n", "Integer 0" },
        { ":+12\r\n", "Integer 12" },
        { ":-9223372036854775808\r\n", "Integer -9223372036854775808" },
        { "$0\r\n\r\n", "Bulk " },
        { "$7\r\na\r\nb\0\xff!\r\n", "Bulk a\r\nb\0\xff!" },
        { "$-1\r\n", "Null" },
        { "*-1\r\n", "Null" },
        { "_\r\n", "Null" },
        { "#t\r\n", "Boolean True" },
        { "#f\r\n", "Boolean False" },
        { ",1.5\r\n", "Double 1.5" },
        { ",-1e300\r\n", "Double -1E+300" },
        { ",10\r\n", "Double 10" },
        { ",inf\r\n", "Double Infinity" },
        { ",-inf\r\n", "Double -Infinity" },
        { ",nan\r\n", "Double NaN" },
        { "(-3492890328409238509324850943850943825024385\r\n", "BigNumber -3492890328409238509324850943850943825024385" },
        { "=8\r\ntxt:a\r\nb\r\n", "Verbatim a\r\nb" },
        { "*0\r\n", "Array []" },
        { "*3\r\n:1\r\n*1\r\n$1\r\nx\r\n_\r\n", "Array [Integer 1, Array [Bulk x], Null]" },
        { "%2\r\n+a\r\n:1\r\n+b\r\n*0\r\n", "Map [Simple a, Integer 1, Simple b, Array []]" },
        { "%0\r\n", "Map []" },
        { "~2\r\n#t\r\n#f\r\n", "Set [Boolean True, Boolean False]" },
        { ">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\nhi\r\n", "Push [Bulk message, Bulk c, Bulk hi]" },
        { "|1\r\n+ttl\r\n:3\r\n$1\r\nv\r\n", "Bulk v" },
        { "|0\r\n|1\r\n+a\r\n%1\r\n+b\r\n+c\r\n:7\r\n", "Integer 7" },
        { "*2\r\n|1\r\n+a\r\n+b\r\n:1\r\n:2\r\n", "Array [Integer 1, Integer 2]" },
    };

    public static TheoryData<string> Malformed =>
    [
        "\r\n", "?1\r\n", "hello\r\n", "+a\nb\r\n", "+a\rb\r\n", "+a\n", ":\r\n", ":-\r\n", ":1x\r\n", ": 1\r\n", ":1\0\r\n", ":9223372036854775808\r\n",
        "$\r\n", "$-2\r\n", "$x\r\n", "$1\r\nab\r\n", "$2\r\nabcd", "$536870913\r\n", "!-1\r\n", "=3\r\nabc\r\n", "=5\r\nabcde\r\n",
        "*-2\r\n", "*1000001\r\n", "*99999999999999999999\r\n", "%500001\r\n", "%-1\r\n", "~-1\r\n", ">0\r\n", "*1\r\n>1\r\n+x\r\n",
        "_x\r\n", "#\r\n", "#x\r\n", "#tt\r\n", ",\r\n", ",1.5.5\r\n", ",Infinity\r\n", "(\r\n", "(-\r\n", "(1a\r\n", "HTTP/1.1 400 Bad Request\r\n",
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_is_the_same_wherever_its_bytes_are_split(string text, string expected)
    {
        var bytes = RespText.Bytes(text + "+next\r\n");
        var end = text.Length;

        for (var split = 0; split < end; split++)
        {
            var reader = new RespReader();
            Assert.False(reader.TryRead(bytes.AsSpan(0, split), out var nothing, out _));
            Assert.Equal(0, nothing);
            Assert.True(reader.TryRead(bytes, out var consumed, out var value));
            Assert.Equal((end, expected), (consumed, RespText.Show(value)));
            Assert.True(reader.TryRead(bytes.AsSpan(end), out _, out var next));
            Assert.Equal("next", next.AsText());
        }
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_that_arrives_byte_by_byte_is_read_at_the_last_of_them(string text, string expected)
    {
        var bytes = RespText.Bytes(text);
        var reader = new RespReader();

        for (var length = 0; length < bytes.Length; length++)
            Assert.False(reader.TryRead(bytes.AsSpan(0, length), out _, out _));

        Assert.True(reader.TryRead(bytes, out _, out var value));
        Assert.Equal(expected, RespText.Show(value));
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_is_not_the_protocol_is_refused(string text) =>
        Assert.Throws<RespProtocolException>(() => new RespReader().TryRead(RespText.Bytes(text), out _, out _));

    [Fact]
    public void Thirty_two_levels_are_read_and_one_more_is_refused()
    {
        static string Nested(int levels) => string.Concat(Enumerable.Repeat("*1\r\n", levels)) + ":1\r\n";

        Assert.Equal(RespKind.Array, RespText.Read(Nested(32)).Kind);
        Assert.Throws<RespProtocolException>(() => RespText.Read(Nested(33)));
    }

    [Fact]
    public void A_line_without_an_end_is_refused() =>
        Assert.Throws<RespProtocolException>(() => new RespReader().TryRead(RespText.Bytes("+" + new string('x', RespLimits.LineBytes)), out _, out _));

    [Theory]
    [InlineData("*1000000\r\n")]
    [InlineData("%500000\r\n:1\r\n")]
    [InlineData("$536870912\r\nabc")]
    [InlineData("*1000000\r\n*1000000\r\n*1000000\r\n$536870912\r\n")]
    public void What_is_only_announced_costs_no_memory(string text)
    {
        var (reader, bytes) = (new RespReader(), RespText.Bytes(text));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.False(reader.TryRead(bytes, out _, out _));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }
}
