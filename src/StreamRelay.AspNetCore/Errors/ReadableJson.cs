using System.Text.Encodings.Web;
using System.Text.Json;

namespace StreamRelay.AspNetCore.Errors;

/// <summary>How answers are written: snake_case names, text kept as UTF-8.</summary>
internal static class ReadableJson
{
    /// <summary>New options: each JSON context needs its own.</summary>
    public static JsonSerializerOptions CreateOptions() => new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
