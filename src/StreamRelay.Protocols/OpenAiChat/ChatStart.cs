using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Protocols.OpenAiChat;

/// <summary>What a chat answer takes from its task's <c>start</c> event.</summary>
internal sealed record ChatStart(string Model, long Created, string SystemFingerprint, bool IncludeUsage)
{
    public static ChatStart Read(StreamEvent start)
    {
        using var json = JsonDocument.Parse(start.Metadata);
        var root = json.RootElement;
        return new(
            root.GetProperty("model").GetString()!,
            root.GetProperty("created").GetInt64(),
            root.GetProperty("system_fingerprint").GetString()!,
            root.TryGetProperty("include_usage", out var usage) && usage.ValueKind == JsonValueKind.True);
    }
}
