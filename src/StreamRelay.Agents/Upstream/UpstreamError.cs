using System.Text.Json;

namespace StreamRelay.Agents.Upstream;

/// <summary>An error that an OpenAI-compatible server reports.</summary>
internal sealed record UpstreamError(string Message, string? Code)
{
    private const int MaxMessageLength = 500;

    /// <summary>The error in a body or a frame, or <see langword="null"/> when there is none.</summary>
    public static UpstreamError? Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("error", out var error) || error.ValueKind is JsonValueKind.Null or JsonValueKind.False)
            return null;

        var message = Text(error, "message") ?? (error.ValueKind == JsonValueKind.String ? error.GetString()! : "no reason given");
        return new(message.Length > MaxMessageLength ? message[..MaxMessageLength] : message, Text(error, "code"));
    }

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
