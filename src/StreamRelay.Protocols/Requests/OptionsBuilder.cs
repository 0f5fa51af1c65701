using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using StreamRelay.Conversations;

namespace StreamRelay.Protocols.Requests;

/// <summary>Collects the options of a request, in the form in which agents get them.</summary>
internal sealed class OptionsBuilder
{
    private readonly Dictionary<string, JsonElement> _options = [];
    private readonly List<(string Field, JsonElement Value)> _untranslated = [];

    /// <summary>The fields that have no form of their own.</summary>
    public IReadOnlyList<string> Untranslated => [.. _untranslated.Select(static kept => kept.Field)];

    /// <summary>Sets an option.</summary>
    public void Set(string name, JsonElement value) => _options[name] = value;

    /// <summary>Sets an option to JSON that <paramref name="write"/> writes.</summary>
    public void Set(string name, Action<Utf8JsonWriter> write) => Set(name, ToElement(write));

    /// <summary>Keeps a field that has no form of its own.</summary>
    /// <param name="field">Its name in the client's protocol.</param>
    /// <param name="value">Its value.</param>
    public void KeepUntranslated(string field, JsonElement value) => _untranslated.Add((field, value));

    /// <summary>Handles every field of a request as the table of its protocol declares; a field that is not in the table is passed.</summary>
    /// <param name="json">The request.</param>
    /// <param name="handling">The table.</param>
    /// <param name="translate">Translates a field.</param>
    /// <exception cref="RequestException">400: a field is refused or malformed.</exception>
    public void Add(JsonElement json, IReadOnlyDictionary<string, FieldHandling> handling, Action<string, JsonElement> translate)
    {
        foreach (var field in json.EnumerateObject().Where(static field => field.Value.ValueKind != JsonValueKind.Null))
        {
            switch (handling.GetValueOrDefault(field.Name))
            {
                case FieldHandling.Passed:
                    Set(field.Name, field.Value);
                    break;
                case FieldHandling.Translated:
                    translate(field.Name, field.Value);
                    break;
                case FieldHandling.Untranslated:
                    KeepUntranslated(field.Name, field.Value);
                    break;
                case FieldHandling.Refused:
                    throw RequestException.Invalid($"'{field.Name}' is not supported.", field.Name, "unsupported_field");
            }
        }
    }

    /// <summary>Keeps the fields of a part of a message that the table of its protocol declares to be untranslated.</summary>
    /// <param name="part">The part.</param>
    /// <param name="name">Its name in the client's protocol.</param>
    /// <param name="handling">The table.</param>
    public void AddPart(JsonElement part, string name, IReadOnlyDictionary<string, FieldHandling> handling)
    {
        foreach (var field in part.EnumerateObject().Where(field => handling.GetValueOrDefault(field.Name) == FieldHandling.Untranslated && !JsonFields.IsOff(field.Value)))
            KeepUntranslated($"{name}.{field.Name}", field.Value);
    }

    /// <summary>The options as a UTF-8 JSON object.</summary>
    public ReadOnlyMemory<byte> ToJson() => ToBytes(json =>
    {
        json.WriteStartObject();
        foreach (var (name, value) in _options)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }

        if (_untranslated.Count > 0)
            WriteUntranslated(json);

        json.WriteEndObject();
    });

    private void WriteUntranslated(Utf8JsonWriter json)
    {
        json.WriteStartArray(NeutralOptions.Untranslated);
        foreach (var (field, value) in _untranslated)
        {
            json.WriteStartObject();
            json.WriteString("field", field);
            json.WritePropertyName("value");
            value.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static JsonElement ToElement(Action<Utf8JsonWriter> write) => JsonElement.Parse(ToBytes(write).Span);

    private static ReadOnlyMemory<byte> ToBytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(json);

        return buffer.WrittenMemory;
    }
}
