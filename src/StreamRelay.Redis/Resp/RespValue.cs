using System.Text;

namespace StreamRelay.Redis.Resp;

/// <summary>What the server said. Asking it for what it is not throws, and an error throws itself.</summary>
internal readonly struct RespValue
{
    private readonly object? _content;
    private readonly long _bits;

    private RespValue(RespKind kind, object? content, long bits)
    {
        Kind = kind;
        _content = content;
        _bits = bits;
    }

    public RespKind Kind { get; }

    public bool IsNull => Kind == RespKind.Null;

    /// <summary>The items of an array, a set or a push, or the keys and values of a map in turn.</summary>
    /// <exception cref="RespProtocolException">It is none of these.</exception>
    public IReadOnlyList<RespValue> Items => _content as RespValue[] ?? throw Unexpected("an array");

    public static RespValue Integer(long number) => new(RespKind.Integer, null, number);

    public static RespValue Boolean(bool truth) => new(RespKind.Boolean, null, truth ? 1 : 0);

    public static RespValue Double(double number) => new(RespKind.Double, null, BitConverter.DoubleToInt64Bits(number));

    /// <summary>A kind that consists of bytes, which must not change any more.</summary>
    public static RespValue Text(RespKind kind, byte[] bytes, int start, int length) => new(kind, bytes, ((long)start << 32) | (uint)length);

    /// <summary>A kind that consists of items, which must not change any more.</summary>
    public static RespValue Aggregate(RespKind kind, RespValue[] items) => new(kind, items, 0);

    /// <summary>A whole number, or a text that is one.</summary>
    /// <exception cref="RespProtocolException">It is no whole number.</exception>
    public long AsLong()
    {
        if (Kind == RespKind.Integer)
            return _bits;

        return IsText && RespNumber.TryParse(Bytes.Span, out var number) ? number : throw Unexpected("an integer");
    }

    /// <exception cref="RespProtocolException">It is not a number with a fraction.</exception>
    public double AsDouble() => Kind == RespKind.Double ? BitConverter.Int64BitsToDouble(_bits) : throw Unexpected("a double");

    /// <exception cref="RespProtocolException">It is not a truth value.</exception>
    public bool AsBoolean() => Kind == RespKind.Boolean ? _bits == 1 : throw Unexpected("a boolean");

    /// <summary>The bytes of a text. They keep the whole reply that they came in from being collected.</summary>
    /// <exception cref="RespProtocolException">It is no text.</exception>
    public ReadOnlyMemory<byte> AsBytes() => IsText ? Bytes : throw Unexpected("a text");

    /// <exception cref="RespProtocolException">It is no text.</exception>
    public string AsText() => Encoding.UTF8.GetString(AsBytes().Span);

    /// <exception cref="RespErrorException">It is the server's refusal.</exception>
    public void ThrowIfError()
    {
        if (Kind == RespKind.Error)
            throw Refusal();
    }

    /// <summary>The server's refusal, when it is one.</summary>
    public RespErrorException Refusal() => new(Encoding.UTF8.GetString(Bytes.Span));

    private bool IsText => Kind is RespKind.Bulk or RespKind.Simple or RespKind.Verbatim or RespKind.BigNumber;

    private ReadOnlyMemory<byte> Bytes => new((byte[])_content!, (int)(_bits >> 32), (int)_bits);

    private IOException Unexpected(string expected) =>
        Kind == RespKind.Error ? Refusal() : new RespProtocolException($"Expected {expected} from Redis, found {Kind}.");
}
