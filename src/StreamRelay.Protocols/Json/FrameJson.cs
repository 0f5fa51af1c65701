using System.Text.Json;

namespace StreamRelay.Protocols.Json;

/// <summary>Writes JSON on one line, as UTF-8: commas, names and escapes are its task, the order of members is the caller's.
/// Pass it by reference to a method that adds members before others do: only the original knows whether a comma comes next.</summary>
/// <param name="output">The buffer that is written to.</param>
public ref partial struct FrameJson(Utf8Buffer output)
{
    private readonly Utf8Buffer _output = output;
    private bool _needsComma;

    /// <summary>Opens an object that is the whole value, or an element of an array.</summary>
    public void BeginObject()
    {
        WriteComma();
        Open((byte)'{');
    }

    /// <summary>Opens an object that is a member.</summary>
    public void BeginObject(scoped ReadOnlySpan<byte> name)
    {
        WriteName(name);
        Open((byte)'{');
    }

    /// <summary>Closes the object opened last.</summary>
    public void EndObject() => Close((byte)'}');

    /// <summary>Opens an array that is a member.</summary>
    public void BeginArray(scoped ReadOnlySpan<byte> name)
    {
        WriteName(name);
        Open((byte)'[');
    }

    /// <summary>Closes the array opened last.</summary>
    public void EndArray() => Close((byte)']');

    /// <summary>Writes a text. What is not valid UTF-8 in it is copied as it is.</summary>
    public void Text(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> text)
    {
        if (JsonText.IndexOfEscape(text) < 0)
        {
            Token(name, text);
            return;
        }

        WriteName(name);
        WriteString(text);
    }

    /// <summary>Writes a text.</summary>
    public void Text(scoped ReadOnlySpan<byte> name, string text)
    {
        WriteName(name);
        WriteString(text);
    }

    /// <summary>Writes a text that holds nothing to escape, such as a constant or an id.</summary>
    public void Token(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> text)
    {
        var bytes = _output.GetSpan(name.Length + text.Length + 6);
        var length = WriteName(name, bytes);
        bytes[length++] = (byte)'"';
        text.CopyTo(bytes[length..]);
        length += text.Length;
        bytes[length++] = (byte)'"';
        _output.Advance(length);
        _needsComma = true;
    }

    /// <summary>Writes a whole number.</summary>
    public void Number(scoped ReadOnlySpan<byte> name, long number)
    {
        WriteName(name);
        WriteNumber(number);
    }

    /// <summary>Writes true or false.</summary>
    public void Boolean(scoped ReadOnlySpan<byte> name, bool value) => Raw(name, value ? "true"u8 : "false"u8);

    /// <summary>Writes null.</summary>
    public void Null(scoped ReadOnlySpan<byte> name) => Raw(name, "null"u8);

    /// <summary>Writes a value that was encoded before, as it is.</summary>
    public void Raw(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> json)
    {
        WriteName(name);
        _output.Write(json);
    }

    /// <summary>Writes members that were encoded before, as they are.</summary>
    public void Members(scoped ReadOnlySpan<byte> json)
    {
        WriteComma();
        _output.Write(json);
        _needsComma = true;
    }

    /// <summary>Writes a piece of JSON that was encoded before, as it is, and without a comma before it.</summary>
    public void Raw(scoped ReadOnlySpan<byte> json)
    {
        _output.Write(json);
        _needsComma = json.Length > 0 ? json[^1] is not ((byte)'{' or (byte)'[') : _needsComma;
    }

    /// <summary>Writes a JSON value that may span lines: on one line, its text escaped as everywhere here.</summary>
    /// <exception cref="JsonException">It is not JSON; members written before stay.</exception>
    public void Value(scoped ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        WriteName(name);
        WriteValue(json);
    }

    /// <summary>Writes an element of an array, as <see cref="Value(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/> writes a member.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public void Value(ReadOnlySpan<byte> json)
    {
        WriteComma();
        WriteValue(json);
        _needsComma = true;
    }

    /// <summary>Copies the member whose name the reader stands on; afterwards the reader stands on the end of its value.</summary>
    /// <exception cref="JsonException">The value is not JSON.</exception>
    public void Member(scoped ref Utf8JsonReader member)
    {
        WriteComma();
        WriteString(ref member);
        _output.Write((byte)':');
        member.Read();
        WriteValue(ref member);
        _needsComma = true;
    }

    private void Open(byte bracket)
    {
        _output.Write(bracket);
        _needsComma = false;
    }

    private void Close(byte bracket)
    {
        _output.Write(bracket);
        _needsComma = true;
    }
}
