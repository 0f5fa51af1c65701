using System.Text.Json;

namespace StreamRelay.Agents.Upstream;

/// <summary>What an OpenAI-compatible server says is wrong.</summary>
internal sealed record UpstreamError(string Message, string? Code)
{
    private const int LongestMessage = 500;

    /// <summary>The error in a body or a frame, or <see langword="null"/> when there is none.</summary>
    public static UpstreamError? Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("error", out var error) || error.ValueKind is JsonValueKind.Null or JsonValueKind.False)
            return null;

        var message = Text(error, "message") ?? (error.ValueKind == JsonValueKind.String ? error.GetString()! : "no reason given");
        return new(message.Length > LongestMessage ? message[..LongestMessage] : message, Text(error, "code"));
    }

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
