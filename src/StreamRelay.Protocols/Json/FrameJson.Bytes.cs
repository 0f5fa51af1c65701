using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace StreamRelay.Protocols.Json;

/// <content>The bytes of names, texts, numbers and copied values.</content>
public ref partial struct FrameJson
{
    private const int MaxStackText = 256;
    private const int LongestNumber = 20;

    private void WriteComma()
    {
        if (_needsComma)
            _output.Write((byte)',');
    }

    /// <summary>Writes a name and its colon. The value follows, so that the next member needs a comma.</summary>
    private void WriteName(scoped ReadOnlySpan<byte> name)
    {
        _output.Advance(WriteName(name, _output.GetSpan(name.Length + 4)));
        _needsComma = true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int WriteName(scoped ReadOnlySpan<byte> name, scoped Span<byte> output)
    {
        var length = 0;
        if (_needsComma)
            output[length++] = (byte)',';

        output[length++] = (byte)'"';
        name.CopyTo(output[length..]);
        length += name.Length;
        output[length++] = (byte)'"';
        output[length++] = (byte)':';
        return length;
    }

    private void WriteString(string text)
    {
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        var bytes = size <= MaxStackText ? stackalloc byte[MaxStackText] : new byte[size];
        WriteString(bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }

    private void WriteString(scoped ReadOnlySpan<byte> text)
    {
        _output.Write((byte)'"');
        while (JsonText.IndexOfEscape(text) is var clean and >= 0)
        {
            _output.Write(text[..clean]);
            var taken = JsonText.Escape(text[clean..], _output.GetSpan(JsonText.LongestEscape), out var written);
            _output.Advance(written);
            text = text[(clean + taken)..];
        }

        _output.Write(text);
        _output.Write((byte)'"');
    }

    private void WriteString(scoped ref Utf8JsonReader json)
    {
        if (!json.ValueIsEscaped)
        {
            WriteString(json.ValueSpan);
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(json.ValueSpan.Length);
        var length = json.CopyString(rented);
        WriteString(rented.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(rented);
    }

    private void WriteNumber(long number)
    {
        Utf8Formatter.TryFormat(number, _output.GetSpan(LongestNumber), out var written);
        _output.Advance(written);
    }

    private void WriteValue(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        WriteValue(ref reader);
    }

    /// <summary>Writes the value that the reader stands on.</summary>
    private void WriteValue(scoped ref Utf8JsonReader json)
    {
        var depth = json.CurrentDepth;
        var isFirst = true;
        do
        {
            WriteToken(ref json, ref isFirst);
        }
        while ((json.CurrentDepth > depth || json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) && json.Read());
    }

    private void WriteToken(scoped ref Utf8JsonReader json, scoped ref bool isFirst)
    {
        var closes = json.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
        if (!isFirst && !closes)
            _output.Write((byte)',');

        isFirst = json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName;
        if (json.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            WriteString(ref json);
        else
            _output.Write(json.ValueSpan);

        if (json.TokenType == JsonTokenType.PropertyName)
            _output.Write((byte)':');
    }
}
