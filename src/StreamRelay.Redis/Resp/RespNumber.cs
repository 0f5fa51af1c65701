using System.Globalization;

namespace StreamRelay.Redis.Resp;

/// <summary>Whole numbers in decimal digits.</summary>
internal static class RespNumber
{
    /// <summary>The most bytes that one takes.</summary>
    public const int MaxLength = 20;

    /// <summary>How many bytes it takes.</summary>
    public static int Length(long number)
    {
        Span<byte> digits = stackalloc byte[MaxLength];
        number.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        return length;
    }

    /// <returns><see langword="false"/> when it is anything but one number.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out long number)
    {
        number = 0;
        return text is [.., >= (byte)'0' and <= (byte)'9']
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}
