using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace StreamRelay.Protocols.Json;

/// <summary>Writes JSON as bytes, keeping text as UTF-8: only what must be escaped is (RFC 8259, section 7), and what some readers take for the end of a line (U+0085, U+2028, U+2029).</summary>
internal static class JsonText
{
    // 0xC2 and 0xE2 are the first bytes of U+0085 and of U+2028 and U+2029; most characters that begin with them are harmless.
    private static readonly SearchValues<byte> Suspects = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(value => (byte)value), (byte)'"', (byte)'\\', 0xC2, 0xE2]);

    /// <summary>Writes a JSON string, with its quotes, from UTF-8 text.</summary>
    public static void WriteString(this ArrayBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        output.Write("\""u8);
        output.WriteEscaped(text);
        output.Write("\""u8);
    }

    /// <summary>Writes a JSON string, with its quotes.</summary>
    public static void WriteString(this ArrayBufferWriter<byte> output, string text) =>
        output.WriteString(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Writes the inside of a JSON string from UTF-8 text.</summary>
    public static void WriteEscaped(this ArrayBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var clean = text.IndexOfAny(Suspects);
            if (clean < 0)
            {
                output.Write(text);
                return;
            }

            output.Write(text[..clean]);
            text = text[clean..];
            text = text[output.WriteSuspect(text)..];
        }
    }

    /// <summary>Writes a whole number.</summary>
    public static void WriteNumber(this ArrayBufferWriter<byte> output, long number)
    {
        Utf8Formatter.TryFormat(number, output.GetSpan(20), out var written);
        output.Advance(written);
    }

    /// <summary>Writes the JSON value that the reader stands on, on one line, with strings escaped as everywhere here.</summary>
    public static void WriteValue(this ArrayBufferWriter<byte> output, ref Utf8JsonReader json)
    {
        var depth = json.CurrentDepth;
        var first = true;
        do
        {
            output.WriteToken(ref json, ref first);
        }
        while ((json.CurrentDepth > depth || json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) && json.Read());
    }

    private static void WriteToken(this ArrayBufferWriter<byte> output, ref Utf8JsonReader json, ref bool first)
    {
        var closes = json.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
        if (!first && !closes)
            output.Write(","u8);

        first = json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName;
        if (json.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            output.WriteUnescaped(ref json);
        else
            output.Write(json.ValueSpan);

        if (json.TokenType == JsonTokenType.PropertyName)
            output.Write(":"u8);
    }

    private static void WriteUnescaped(this ArrayBufferWriter<byte> output, ref Utf8JsonReader json)
    {
        if (!json.ValueIsEscaped)
        {
            output.WriteString(json.ValueSpan);
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(json.ValueSpan.Length);
        var length = json.CopyString(rented);
        output.WriteString(rented.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static int WriteSuspect(this ArrayBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        switch (text)
        {
            case [0xC2, 0x85, ..]:
                output.Write("\\u0085"u8);
                return 2;
            case [0xE2, 0x80, 0xA8, ..]:
                output.Write("\\u2028"u8);
                return 3;
            case [0xE2, 0x80, 0xA9, ..]:
                output.Write("\\u2029"u8);
                return 3;
            case [0xC2 or 0xE2, ..]:
                output.Write(text[..1]);
                return 1;
            default:
                output.WriteControl(text[0]);
                return 1;
        }
    }

    private static void WriteControl(this ArrayBufferWriter<byte> output, byte value)
    {
        switch (value)
        {
            case (byte)'"':
                output.Write("\\\""u8);
                break;
            case (byte)'\\':
                output.Write("\\\\"u8);
                break;
            case (byte)'\n':
                output.Write("\\n"u8);
                break;
            case (byte)'\r':
                output.Write("\\r"u8);
                break;
            case (byte)'\t':
                output.Write("\\t"u8);
                break;
            default:
                output.Write("\\u00"u8);
                output.Write([(byte)(value < 0x10 ? '0' : '1'), "0123456789abcdef"u8[value & 0xF]]);
                break;
        }
    }
}
