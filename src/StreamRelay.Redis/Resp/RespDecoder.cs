using System.Buffers;
using System.Globalization;

namespace StreamRelay.Redis.Resp;

/// <summary>Makes a value out of its bytes, which are all there. Its texts share one copy of them.</summary>
internal ref struct RespDecoder(ReadOnlySpan<byte> reply)
{
    private const NumberStyles DoubleStyle = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private static readonly SearchValues<byte> DoubleBytes = SearchValues.Create("0123456789+-.eE"u8);
    private static readonly byte[] Ok = "OK"u8.ToArray();

    private readonly ReadOnlySpan<byte> _reply = reply;
    private byte[]? _copy;
    private int _position;

    public RespValue Decode()
    {
        var line = ReadLine();
        for (; line[0] == '|'; line = ReadLine())
            DecodeItems(RespLine.Count(line));

        var start = _position - line.Length - 1;
        return line[0] switch
        {
            (byte)'+' when line.EndsWith("+OK"u8) => RespValue.Text(RespKind.Simple, Ok, 0, Ok.Length),
            (byte)'+' => Text(RespKind.Simple, start, line.Length - 1),
            (byte)'-' => Text(RespKind.Error, start, line.Length - 1),
            (byte)'(' => BigNumber(line, start),
            (byte)'_' => Null(line),
            (byte)':' => Integer(line),
            (byte)'#' => Boolean(line),
            (byte)',' => Double(line[1..]),
            (byte)'$' or (byte)'!' or (byte)'=' => Bulk(line),
            _ => Aggregate(line),
        };
    }

    private static RespValue Null(ReadOnlySpan<byte> line) => line.Length == 1 ? default : throw Malformed("null");

    private static RespValue Integer(ReadOnlySpan<byte> line) =>
        RespNumber.TryParse(line[1..], out var number) ? RespValue.Integer(number) : throw Malformed("integer");

    private static RespValue Boolean(ReadOnlySpan<byte> line) => line switch
    {
        [_, (byte)'t'] => RespValue.Boolean(true),
        [_, (byte)'f'] => RespValue.Boolean(false),
        _ => throw Malformed("boolean"),
    };

    private static RespValue Double(ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual("inf"u8))
            return RespValue.Double(double.PositiveInfinity);
        if (text.SequenceEqual("-inf"u8))
            return RespValue.Double(double.NegativeInfinity);
        if (text.SequenceEqual("nan"u8) || text.SequenceEqual("-nan"u8))
            return RespValue.Double(double.NaN);

        return !text.ContainsAnyExcept(DoubleBytes) && double.TryParse(text, DoubleStyle, CultureInfo.InvariantCulture, out var number)
            ? RespValue.Double(number)
            : throw Malformed("double");
    }

    private RespValue BigNumber(ReadOnlySpan<byte> line, int start)
    {
        var digits = line is [_, (byte)'-' or (byte)'+', ..] ? line[2..] : line[1..];
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            throw Malformed("big number");

        return Text(RespKind.BigNumber, start, line.Length - 1);
    }

    private RespValue Bulk(ReadOnlySpan<byte> line)
    {
        var length = RespLine.Length(line);
        if (length < 0)
            return default;

        var start = _position;
        _position += length + 2;
        return line[0] switch
        {
            (byte)'!' => Text(RespKind.Error, start, length),
            (byte)'=' when _reply[start + 3] != ':' => throw Malformed("verbatim text"),
            (byte)'=' => Text(RespKind.Verbatim, start + 4, length - 4),
            _ => Text(RespKind.Bulk, start, length),
        };
    }

    private RespValue Aggregate(ReadOnlySpan<byte> line)
    {
        var count = RespLine.Count(line);
        if (count < 0)
            return default;

        var kind = line[0] switch { (byte)'%' => RespKind.Map, (byte)'~' => RespKind.Set, (byte)'>' => RespKind.Push, _ => RespKind.Array };
        return RespValue.Aggregate(kind, DecodeItems(count));
    }

    private RespValue[] DecodeItems(int count)
    {
        var items = count == 0 ? [] : new RespValue[count];
        for (var index = 0; index < count; index++)
            items[index] = Decode();

        return items;
    }

    private RespValue Text(RespKind kind, int start, int length) => RespValue.Text(kind, _copy ??= _reply.ToArray(), start, length);

    private ReadOnlySpan<byte> ReadLine()
    {
        RespLine.TryRead(_reply[_position..], out var line);
        _position += line.Length + 2;
        return line;
    }

    private static RespProtocolException Malformed(string what) => new($"Redis sent a malformed {what}.");
}
