using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace StreamRelay.Protocols.Requests;

/// <summary>Reads fields of a request, naming the field that is wrong.</summary>
public static class JsonFields
{
    /// <summary>The field, or <see langword="null"/> when it is absent or null.</summary>
    public static JsonElement? Optional(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A text field; <see langword="null"/> when it is absent or null.</summary>
    /// <exception cref="RequestException">It is something else, or not valid Unicode.</exception>
    public static string? OptionalText(this JsonElement json, string name)
    {
        if (json.Optional(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.String)
            throw Wrong(name, "a string");

        return Text(value, name);
    }

    /// <summary>A text field that must be there.</summary>
    /// <param name="json">The object.</param>
    /// <param name="name">The field.</param>
    /// <param name="owner">The name of the object, for errors.</param>
    /// <exception cref="RequestException">It is absent, or something else.</exception>
    public static string RequiredText(this JsonElement json, string name, string owner) =>
        json.Optional(name) is { ValueKind: JsonValueKind.String } value ? Text(value, $"{owner}.{name}") : throw Wrong($"{owner}.{name}", "a string");

    /// <summary>A flag; <see langword="false"/> when it is absent or null.</summary>
    /// <exception cref="RequestException">It is something else.</exception>
    public static bool Flag(this JsonElement json, string name) => json.Optional(name)?.ValueKind switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw Wrong(name, "true or false"),
    };

    /// <summary>Whether a value says the same as no value: null, or false.</summary>
    public static bool IsOff(JsonElement value) => value.ValueKind is JsonValueKind.Null or JsonValueKind.False;

    /// <summary>An object; <see langword="null"/> when it is absent or null.</summary>
    /// <exception cref="RequestException">It is something else.</exception>
    public static JsonElement? OptionalObject(this JsonElement json, string name) => json.Optional(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => value,
        _ => throw Wrong(name, "an object"),
    };

    /// <summary>The text of a string.</summary>
    /// <exception cref="RequestException">It is not valid Unicode.</exception>
    public static string Text(JsonElement value, string name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw InvalidUnicode.In(name);
        }
    }

    /// <summary>The bytes of a value as the client wrote them.</summary>
    public static ReadOnlyMemory<byte> Raw(this JsonElement value) => JsonMarshal.GetRawUtf8Value(value).ToArray();

    /// <summary>The object without one of its fields, as UTF-8.</summary>
    public static byte[] Without(this JsonElement json, string name)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var rest = new Utf8JsonWriter(buffer))
        {
            rest.WriteStartObject();
            foreach (var property in json.EnumerateObject().Where(property => property.Name != name))
            {
                rest.WritePropertyName(property.Name);
                rest.WriteRawValue(JsonMarshal.GetRawUtf8Value(property.Value), skipInputValidation: true);
            }

            rest.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The answer for a field of the wrong kind.</summary>
    public static RequestException Wrong(string name, string expected) =>
        RequestException.Invalid($"'{name}' must be {expected}.", name, "invalid_type");
}
