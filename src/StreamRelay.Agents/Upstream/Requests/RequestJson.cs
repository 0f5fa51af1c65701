using System.Runtime.InteropServices;
using System.Text.Json;
using StreamRelay.Agents.Upstream.Answers;

namespace StreamRelay.Agents.Upstream.Requests;

/// <summary>Reads values of a request, and writes them into the request to the server.</summary>
internal static class RequestJson
{
    /// <summary>A field of an object, when it is a text.</summary>
    public static string? Text(JsonElement json, string name) => json.Find(name, JsonValueKind.String)?.GetString();

    /// <summary>The fields of an object; none when it is something else.</summary>
    public static IEnumerable<KeyValuePair<string, JsonElement>> Fields(this JsonElement json, params string[] except) =>
        (json.ValueKind == JsonValueKind.Object ? json.EnumerateObject() : default)
            .Where(field => !except.Contains(field.Name)).Select(static field => KeyValuePair.Create(field.Name, field.Value));

    /// <summary>Writes a field as it came, unless it is missing.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, string name, JsonElement? value)
    {
        if (value is not { } given)
            return;

        json.WritePropertyName(name);
        json.WriteRaw(given);
    }

    /// <summary>Writes a text, unless it is missing.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    /// <summary>Writes fields as they came.</summary>
    public static void WriteFields(this Utf8JsonWriter json, IEnumerable<KeyValuePair<string, JsonElement>> fields)
    {
        foreach (var (name, value) in fields)
            json.WriteOptional(name, value);
    }

    /// <summary>Writes a value as it came.</summary>
    public static void WriteRaw(this Utf8JsonWriter json, JsonElement value) => json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
}
