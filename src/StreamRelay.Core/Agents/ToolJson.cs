using System.Text.Encodings.Web;
using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Agents;

/// <summary>Arguments and results of the tools that an agent runs, as JSON. Names are in snake case, as elsewhere on the wire.</summary>
internal static class ToolJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = JsonDepth.Max,
    };

    public static JsonElement ToElement<T>(T value) => JsonSerializer.SerializeToElement(value, Options);

    /// <summary>A text as it is, anything else as JSON.</summary>
    public static string ToText(JsonElement json) => json.ValueKind is JsonValueKind.String ? json.GetString()! : json.GetRawText();
}
