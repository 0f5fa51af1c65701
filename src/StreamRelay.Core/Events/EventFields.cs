using System.Text;
using System.Text.Json;

namespace StreamRelay.Events;

/// <summary>The fields of an external event, which is a JSON object. A field that is null counts as missing; of a field that occurs twice the last one counts.</summary>
internal readonly ref struct EventFields
{
    private static readonly string[] Names =
    [
        "event_type", "content", "agent_name", "task_id", "sequence", "timestamp", "type", "step", "tool_call_id", "tool_name", "name", "url", "media_type",
        "level", "category", "code", "prompt_tokens", "completion_tokens", "prompt_tokens_details", "completion_tokens_details", "data", "executor", "input", "is_error", "finish_reason",
    ];

    private static readonly byte[][] Utf8Names = [.. Names.Select(Encoding.UTF8.GetBytes)];

    private readonly ReadOnlySpan<byte> _json;
    private readonly Span<JsonRange> _values;

    /// <summary>Reads the positions of the fields.</summary>
    /// <param name="json">The object.</param>
    /// <param name="values">Receives the positions; it has room for <see cref="Known"/>.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">The name of a field is not valid Unicode.</exception>
    public EventFields(ReadOnlySpan<byte> json, Span<JsonRange> values)
    {
        _json = json;
        _values = values;
        var reader = new Utf8JsonReader(json, JsonDepth.Reader);
        IsObject = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
        while (IsObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = Find(in reader);
            reader.Read();
            var value = JsonRange.Take(ref reader);
            if (field is { } known)
                values[(int)known] = value;

            HasMetadata |= IsMetadata(field, value.Type);
        }

        // Reading on past the end of the value finds what must not follow it.
        reader.Skip();
        reader.Read();
    }

    /// <summary>How many fields are known by name.</summary>
    public static int Known => Names.Length;

    /// <summary>Whether the JSON is an object; if not, there are no fields.</summary>
    public bool IsObject { get; }

    /// <summary>Whether there are fields that belong to the metadata.</summary>
    public bool HasMetadata { get; }

    /// <summary>The name of a field.</summary>
    public static string Name(EventField field) => Names[(int)field];

    /// <summary>The type of the value, <see cref="JsonTokenType.None"/> when the field is missing.</summary>
    public JsonTokenType Type(EventField field) => _values[(int)field].Type is var type && type == JsonTokenType.Null ? JsonTokenType.None : type;

    /// <summary>Whether the field has a value.</summary>
    public bool Has(EventField field) => Type(field) != JsonTokenType.None;

    /// <summary>Whether the value is this text.</summary>
    public bool Is(EventField field, ReadOnlySpan<byte> text) => Type(field) == JsonTokenType.String && Reader(field).ValueTextEquals(text);

    /// <summary>The text; <see langword="null"/> when the field is missing.</summary>
    /// <exception cref="InvalidOperationException">It is not valid Unicode.</exception>
    public string? Text(EventField field) => Has(field) ? Reader(field).GetString() : null;

    /// <summary>The text as UTF-8; empty when the field is missing.</summary>
    /// <exception cref="InvalidOperationException">It is not valid Unicode.</exception>
    public byte[] Utf8(EventField field)
    {
        if (!Has(field))
            return [];

        var reader = Reader(field);
        var text = new byte[reader.ValueSpan.Length];
        var length = reader.CopyString(text);
        return length == text.Length ? text : text[..length];
    }

    /// <summary>The value as a whole number that is not negative, or <see langword="null"/>.</summary>
    public long? Count(EventField field) => Type(field) == JsonTokenType.Number && Reader(field).TryGetInt64(out var number) && number >= 0 ? number : null;

    /// <summary>The value as JSON if it is an object; else empty.</summary>
    /// <exception cref="InvalidOperationException">A text in it is not valid Unicode.</exception>
    public ReadOnlyMemory<byte> Json(EventField field) => Type(field) != JsonTokenType.StartObject ? default
        : JsonObject.Create(Reader(field), static (json, reader) =>
        {
            while (reader.Read() && reader.CurrentDepth > 0)
                JsonCopy.Token(in reader, json);
        });

    /// <summary>Writes the fields that belong to the metadata, in their order.</summary>
    /// <exception cref="InvalidOperationException">A text is not valid Unicode.</exception>
    public void WriteMetadata(Utf8JsonWriter writer)
    {
        var reader = new Utf8JsonReader(_json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader;
            reader.Read();
            if (!IsMetadata(Find(in name), reader.TokenType))
            {
                reader.Skip();
                continue;
            }

            writer.WritePropertyName(name.GetString()!);
            JsonCopy.Value(ref reader, writer);
        }
    }

    private static bool IsMetadata(EventField? field, JsonTokenType type) => field is not <= EventField.Type && type != JsonTokenType.Null;

    private static EventField? Find(in Utf8JsonReader reader)
    {
        var name = reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan;
        for (var field = 0; field < Utf8Names.Length; field++)
        {
            if (name.SequenceEqual(Utf8Names[field]))
                return (EventField)field;
        }

        return null;
    }

    private Utf8JsonReader Reader(EventField field)
    {
        var reader = new Utf8JsonReader(_json[_values[(int)field].Range]);
        reader.Read();
        return reader;
    }
}
