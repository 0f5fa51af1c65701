using System.Text.Json;

namespace StreamRelay.Conversations;

/// <summary>Names in the options of a task's input. Options have the names and the shapes of Chat Completions, whichever protocol the request came in.</summary>
public static class NeutralOptions
{
    /// <summary>Instructions that precede the conversation: a text.</summary>
    public const string Instructions = "instructions";

    /// <summary>The fields of the request that have no other place in the options or in the messages: a list of objects with <c>field</c>,
    /// the name of the field in the client's protocol, and <c>value</c>.</summary>
    public const string Untranslated = "untranslated";

    /// <summary>The names of the fields in <see cref="Untranslated"/>.</summary>
    public static IReadOnlyList<string> UntranslatedFields(JsonElement options) =>
        options.ValueKind == JsonValueKind.Object && options.TryGetProperty(Untranslated, out var fields) && fields.ValueKind == JsonValueKind.Array
            ? [.. fields.EnumerateArray().Select(static field => field.GetProperty("field").GetString()!)]
            : [];
}
