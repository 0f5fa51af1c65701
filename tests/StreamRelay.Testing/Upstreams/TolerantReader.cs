using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace StreamRelay.Testing.Upstreams;

/// <summary>Finds the words of a <see cref="MutatedAnswer"/> wherever a client could find them: in the delta or the message of a choice, whatever field they are in.</summary>
public static partial class TolerantReader
{
    private static readonly string[] Messages = ["delta", "message", "text"];

    private static readonly string[] Labels = ["id", "index", "type", "role", "name", "finish_reason"];

    /// <summary>The words of an answer, as far as it can be read.</summary>
    public static IReadOnlySet<string> Words(byte[] body)
    {
        HashSet<string> words = [];
        foreach (var line in Encoding.UTF8.GetString(body).TrimStart('\uFEFF').Split('\n', '\r').Where(line => !line.StartsWith(':')))
        {
            if (line.Contains("[DONE]", StringComparison.Ordinal))
                break;
            if (Parse(line) is { } chunk)
                words.UnionWith(OfChunk(chunk));
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
        JsonValueKind.Object => content.EnumerateObject().Where(field => !Labels.Contains(field.Name)).SelectMany(field => OfContent(field.Value)),
        JsonValueKind.Array => content.EnumerateArray().SelectMany(OfContent),
        JsonValueKind.String => In(content.GetString()!),
        _ => [],
    };

    [GeneratedRegex("w[0-9]+x")]
    private static partial Regex Word();
}
