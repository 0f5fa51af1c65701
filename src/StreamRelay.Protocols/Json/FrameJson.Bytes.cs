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
            Append((byte)',');
    }

    /// <summary>Writes a name and its colon. The value follows, so that the next member needs a comma.</summary>
    private void WriteName(scoped ReadOnlySpan<byte> name)
    {
        Reserve(name.Length + 4);
        _length += WriteName(name, _span[_length..]);
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
        Append((byte)'"');
        while (JsonText.IndexOfEscape(text) is var clean and >= 0)
        {
            Append(text[..clean]);
            Reserve(JsonText.LongestEscape);
            var taken = JsonText.Escape(text[clean..], _span[_length..], out var written);
            _length += written;
            text = text[(clean + taken)..];
        }

        Append(text);
        Append((byte)'"');
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
        Reserve(LongestNumber);
        Utf8Formatter.TryFormat(number, _span[_length..], out var written);
        _length += written;
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
            Append((byte)',');

        isFirst = json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName;
        if (json.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            WriteString(ref json);
        else
            Append(json.ValueSpan);

        if (json.TokenType == JsonTokenType.PropertyName)
            Append((byte)':');
    }

    private void Append(byte value)
    {
        Reserve(1);
        _span[_length++] = value;
    }

    /// <summary>Writes bytes that are no part of the JSON, or whose commas the caller has written.</summary>
    internal void Append(scoped ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_span[_length..]);
        _length += bytes.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reserve(int size)
    {
        if (_span.Length - _length < size)
            Grow(size);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int size)
    {
        _output.Advance(_length);
        _span = _output.GetSpan(size);
        _length = 0;
    }
}
