using System.Buffers;

namespace StreamRelay.Protocols.Json;

/// <summary>The escapes of JSON text. Text stays UTF-8; only what must be escaped is (RFC 8259, section 7), and what some readers take for the end of a line (U+0085, U+2028, U+2029).</summary>
internal static class JsonText
{
    /// <summary>The bytes that the longest escape takes.</summary>
    public const int LongestEscape = 6;

    // 0xC2 and 0xE2 are the first bytes of U+0085 and of U+2028 and U+2029; most characters that begin with them need no escape.
    private static readonly SearchValues<byte> Candidates = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(value => (byte)value), (byte)'"', (byte)'\\', 0xC2, 0xE2]);

    private static readonly byte[] Controls = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 0x20).Select(value => $"\\u{value:x4}")));

    /// <summary>The index of the first byte that may need an escape, or -1.</summary>
    public static int IndexOfEscape(ReadOnlySpan<byte> text) => text.IndexOfAny(Candidates);

    /// <summary>Writes the character that begins the text, escaped if it has to be.</summary>
    /// <param name="text">Begins with a byte that <see cref="IndexOfEscape"/> found.</param>
    /// <param name="output">At least <see cref="LongestEscape"/> bytes.</param>
    /// <param name="written">The bytes written.</param>
    /// <returns>How many bytes of the text that was.</returns>
    public static int Escape(ReadOnlySpan<byte> text, Span<byte> output, out int written)
    {
        switch (text)
        {
            case [0xC2, 0x85, ..]:
                return Write("\\u0085"u8, 2, output, out written);
            case [0xE2, 0x80, 0xA8, ..]:
                return Write("\\u2028"u8, 3, output, out written);
            case [0xE2, 0x80, 0xA9, ..]:
                return Write("\\u2029"u8, 3, output, out written);
            case [0xC2 or 0xE2, ..]:
                return Write(text[..1], 1, output, out written);
            default:
                return Write(Control(text[0]), 1, output, out written);
        }
    }

    private static int Write(ReadOnlySpan<byte> escape, int taken, Span<byte> output, out int written)
    {
        escape.CopyTo(output);
        written = escape.Length;
        return taken;
    }

    private static ReadOnlySpan<byte> Control(byte value) => value switch
    {
        (byte)'"' => "\\\""u8,
        (byte)'\\' => "\\\\"u8,
        (byte)'\n' => "\\n"u8,
        (byte)'\r' => "\\r"u8,
        (byte)'\t' => "\\t"u8,
        _ => Controls.AsSpan(value * LongestEscape, LongestEscape),
    };
}
