using System.Globalization;
using System.Text;

namespace StreamRelay.Redis.Resp;

/// <summary>One word of a command: text in UTF-8, a number in decimal digits, or bytes as they are.</summary>
internal readonly struct RespArgument
{
    private readonly string? _text;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly long? _number;

    private RespArgument(string text)
    {
        _text = text;
        Length = Encoding.UTF8.GetByteCount(text);
    }

    private RespArgument(long number)
    {
        _number = number;
        Length = RespNumber.Length(number);
    }

    private RespArgument(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
        Length = bytes.Length;
    }

    /// <summary>How many bytes it takes.</summary>
    public int Length { get; }

    public static implicit operator RespArgument(string text) => new(text);

    public static implicit operator RespArgument(long number) => new(number);

    public static implicit operator RespArgument(ReadOnlyMemory<byte> bytes) => new(bytes);

    public static implicit operator RespArgument(byte[] bytes) => new(bytes.AsMemory());

    /// <summary>Writes its <see cref="Length"/> bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        if (_text is not null)
            Encoding.UTF8.GetBytes(_text, destination);
        else if (_number is { } number)
            number.TryFormat(destination, out _, provider: CultureInfo.InvariantCulture);
        else
            _bytes.Span.CopyTo(destination);
    }
}
