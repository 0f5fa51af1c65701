using System.Globalization;
using System.Text.Json;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>Reads the fields of a JSON object. A field that is null counts as missing.</summary>
internal static class AnswerFields
{
    /// <summary>The value; <see langword="null"/> when it is missing or this is not an object.</summary>
    public static JsonElement? Find(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>The value if there is something in it.</summary>
    public static JsonElement? FindContent(this JsonElement json, string name) => json.Find(name) is { } value && !value.IsEmpty() ? value : null;

    /// <summary>The value if it is of this kind.</summary>
    public static JsonElement? Find(this JsonElement json, string name, JsonValueKind kind) =>
        json.Find(name) is { } value && value.ValueKind == kind ? value : null;

    /// <summary>The text, or the number as text; <see langword="null"/> when it is missing, empty or something else.</summary>
    public static string? FindText(this JsonElement json, string name) => json.Find(name) switch
    {
        { ValueKind: JsonValueKind.String } text when AnswerText.Read(text) is { Length: > 0 } found => found,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    /// <summary>The number, rounded to a whole one; <see langword="null"/> when it is none, or negative. Some servers write numbers as text.</summary>
    public static long? FindCount(this JsonElement json, string name) =>
        decimal.TryParse(json.FindText(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= long.MaxValue
            ? (long)Math.Round(number)
            : null;

    /// <summary>Whether there is nothing in it: null, false, an empty text, list or object.</summary>
    public static bool IsEmpty(this JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => json.ValueEquals(""),
        JsonValueKind.Array => json.GetArrayLength() == 0,
        JsonValueKind.Object => json.GetPropertyCount() == 0,
        _ => false,
    };
}
