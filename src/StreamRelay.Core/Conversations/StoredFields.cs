using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Conversations;

/// <summary>Reads the fields of a message or a part. A field that is null counts as missing.</summary>
internal static class StoredFields
{
    /// <summary>The value; <see langword="null"/> when it is missing or this is not an object.</summary>
    public static JsonElement? Find(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>The text; <see langword="null"/> when it is missing or something else.</summary>
    public static string? FindText(this JsonElement json, string name) => json.Find(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>The elements of a list; none when it is missing or something else.</summary>
    public static IEnumerable<JsonElement> FindItems(this JsonElement json, string name) =>
        json.Find(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>An object with these fields; <see langword="null"/> when there are none.</summary>
    public static JsonElement? ToObject(IReadOnlyDictionary<string, JsonElement> fields) =>
        fields.Count == 0 ? null : JsonElement.Parse(JsonObject.Create(fields, static (json, fields) => ConversationJson.WriteExtras(json, fields)).Span);

    /// <summary>The other fields of an object.</summary>
    public static Dictionary<string, JsonElement> Others(this JsonElement json, params string[] known) =>
        (json.ValueKind == JsonValueKind.Object ? json.EnumerateObject() : default)
            .Where(field => field.Value.ValueKind != JsonValueKind.Null && !known.Contains(field.Name))
            .DistinctBy(static field => field.Name).ToDictionary(static field => field.Name, static field => field.Value);
}
