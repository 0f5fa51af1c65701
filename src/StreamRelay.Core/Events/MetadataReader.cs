using System.Text.Json;

namespace StreamRelay.Events;

/// <summary>Reads the metadata of an event once, field by field. Call <see cref="Read"/>, compare the name with <see cref="Is"/>, then take the value with at most one of the other methods.</summary>
public ref struct MetadataReader
{
    private readonly ReadOnlyMemory<byte> _metadata;
    private Utf8JsonReader _json;

    /// <summary>Starts before the first field.</summary>
    /// <param name="metadata">A UTF-8 JSON object, or empty: no fields.</param>
    /// <exception cref="JsonException">It is something else.</exception>
    public MetadataReader(ReadOnlyMemory<byte> metadata)
    {
        _metadata = metadata;
        _json = new(metadata.Span);
        if (!metadata.IsEmpty && (!_json.Read() || _json.TokenType != JsonTokenType.StartObject))
            throw new JsonException("The metadata of an event is a JSON object.");
    }

    /// <summary>Moves to the next field.</summary>
    /// <returns><see langword="false"/> after the last one.</returns>
    /// <exception cref="JsonException">The metadata is not valid JSON.</exception>
    public bool Read()
    {
        if (_metadata.IsEmpty)
            return false;

        if (_json.TokenType == JsonTokenType.PropertyName)
            _json.Skip();
        if (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
            return true;

        // Reading on past the end of the object finds what must not follow it.
        _json.Read();
        return false;
    }

    /// <summary>Whether the field has this name.</summary>
    public readonly bool Is(ReadOnlySpan<byte> name) => _json.ValueTextEquals(name);

    /// <summary>The name of the field.</summary>
    public readonly string Name() => _json.GetString()!;

    /// <summary>The value as text; empty when it is not a string.</summary>
    public string Text() => Move() == JsonTokenType.String ? _json.GetString()! : SkipTo("");

    /// <summary>The value as a whole number; 0 when it is none.</summary>
    public long Number() => Move() == JsonTokenType.Number && _json.TryGetInt64(out var number) ? number : SkipTo(0L);

    /// <summary>The value as a whole number that is not negative; <see langword="null"/> when it is none.</summary>
    public long? Count() => Move() == JsonTokenType.Number && _json.TryGetInt64(out var number) && number >= 0 ? number : SkipTo<long?>(null);

    /// <summary>Whether the value is <c>true</c>.</summary>
    public bool Flag() => Move() == JsonTokenType.True || SkipTo(false);

    /// <summary>The value as JSON, a part of the metadata itself.</summary>
    public ReadOnlyMemory<byte> Json()
    {
        Move();
        var start = (int)_json.TokenStartIndex;
        _json.Skip();
        return _metadata[start..(int)_json.BytesConsumed];
    }

    /// <summary>The value as JSON if it begins with this character; else empty.</summary>
    public ReadOnlyMemory<byte> Json(byte first) => Json() is var json && json.Span[0] == first ? json : default;

    private JsonTokenType Move()
    {
        _json.Read();
        return _json.TokenType;
    }

    private T SkipTo<T>(T otherwise)
    {
        _json.Skip();
        return otherwise;
    }
}
