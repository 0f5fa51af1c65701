using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace StreamRelay.TestSupport.Upstreams;

/// <summary>Finds the words of a <see cref="MutatedAnswer"/> wherever a client could find them: in the delta or the message of a choice, whatever field they are in.</summary>
public static partial class TolerantReader
{
    private static readonly string[] Messages = ["delta", "message", "text"];

    private static readonly string[] Labels =
    [
        "id", "index", "type", "role", "name", "finish_reason", "item_id", "call_id", "output_index", "content_index", "summary_index", "sequence_number",
        "status", "object", "usage", "stop_reason",
    ];

    /// <summary>The words of an answer, as far as it can be read.</summary>
    public static IReadOnlySet<string> Words(byte[] body, UpstreamWire wire = UpstreamWire.Chat)
    {
        HashSet<string> words = [];
        var (name, isFinished) = ("", false);
        foreach (var line in Encoding.UTF8.GetString(body).TrimStart('\uFEFF').Split('\n', '\r').Where(line => !line.StartsWith(':')))
        {
            if (line.Contains("[DONE]", StringComparison.Ordinal))
                break;

            name = line.StartsWith("event:", StringComparison.Ordinal) ? line["event:".Length..].Trim() : name;
            if (Parse(line) is not { } json)
                continue;

            words.UnionWith(wire == UpstreamWire.Chat ? OfChunk(json) : OfContent(json));
            var type = json.TryGetProperty("type", out var given) && given.ValueKind == JsonValueKind.String && given.GetString() is { Length: > 0 } text ? text : name;
            isFinished |= wire == UpstreamWire.Messages && line.Contains("stop_reason", StringComparison.Ordinal);
            if (type is "response.completed" || (type is "message_stop" && isFinished))
                break;
        }

        return words;
    }

    /// <summary>All words of a text.</summary>
    public static IEnumerable<string> In(string text) => Word().Matches(text).Select(match => match.Value);

    private static JsonElement? Parse(string line)
    {
        var start = line.IndexOf('{', StringComparison.Ordinal);
        try
        {
            return start < 0 ? null : JsonElement.Parse(line[start..]);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<string> OfChunk(JsonElement chunk)
    {
        if (!chunk.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array)
            return [];

        return choices.EnumerateArray().Where(choice => choice.ValueKind == JsonValueKind.Object).SelectMany(choice =>
            Messages.Where(name => choice.TryGetProperty(name, out var message) && message.ValueKind != JsonValueKind.Null).Take(1).SelectMany(name => OfContent(choice.GetProperty(name))));
    }

    private static IEnumerable<string> OfContent(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.Object => content.EnumerateObject().Where(field => !Labels.Contains(field.Name)).SelectMany(field => OfContent(Content(field))),
        JsonValueKind.Array => content.EnumerateArray().SelectMany(OfContent),
        JsonValueKind.String => In(content.GetString()!),
        _ => [],
    };

    /// <summary>The content of a field: of a whole response its output; it has the options of the request too.</summary>
    private static JsonElement Content(JsonProperty field) =>
        field.Name != "response" ? field.Value : field.Value.ValueKind == JsonValueKind.Object && field.Value.TryGetProperty("output", out var output) ? output : default;

    [GeneratedRegex("w[0-9]+x")]
    private static partial Regex Word();
}
