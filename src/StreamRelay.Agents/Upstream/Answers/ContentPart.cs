using System.Text.Json;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>A part of a message's content.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Text">The text; of a file, its address.</param>
/// <param name="Extra">Fields that no protocol has, such as signatures: a JSON object, or empty.</param>
internal readonly record struct ContentPart(ContentKind Kind, string Text, ReadOnlyMemory<byte> Extra = default)
{
    private static readonly string[] TextFields = ["text", "thinking", "reasoning", "refusal", "content", "summary"];

    /// <summary>Reads content: a text, a part, or a list of both.</summary>
    /// <param name="name">The name of the field, for errors.</param>
    /// <param name="content">Its value.</param>
    /// <param name="kind">The kind of a part that names none.</param>
    /// <exception cref="AgentException">It has a part that cannot be relayed.</exception>
    public static IEnumerable<ContentPart> Read(string name, JsonElement content, ContentKind kind = ContentKind.Text) => content.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined or JsonValueKind.False => [],
        JsonValueKind.String => AnswerText.Read(content) is { Length: > 0 } text ? [new(kind, text)] : [],
        JsonValueKind.Array => content.EnumerateArray().SelectMany(part => Read(name, part, kind)),
        JsonValueKind.Object => ReadPart(name, content, kind),
        _ => throw AnswerFault.Field(name, content.ValueKind),
    };

    /// <summary>Reads content that is nothing but text, in whichever form.</summary>
    /// <exception cref="AgentException">It has something else.</exception>
    public static string ReadText(string name, JsonElement content)
    {
        var parts = Read(name, content).ToList();
        return parts.TrueForAll(static part => part.Kind != ContentKind.Image && part.Extra.IsEmpty)
            ? string.Concat(parts.Select(static part => part.Text))
            : throw AnswerFault.Field(name, content.ValueKind);
    }

    private static IEnumerable<ContentPart> ReadPart(string name, JsonElement part, ContentKind kind)
    {
        var type = part.FindText("type");
        if (type is "image_url" or "output_image" or "image" && FindUrl(part) is { } url)
            return [new(ContentKind.Image, url)];

        kind = type switch
        {
            "thinking" or "reasoning" or "reasoning_text" or "reasoning.text" or "reasoning.summary" or "summary_text" => ContentKind.Reasoning,
            "refusal" => ContentKind.Refusal,
            "text" or "output_text" or null => kind,
            _ => throw AnswerFault.Unsupported($"a part of the type '{type}' in '{name}'"),
        };
        var field = TextFields.FirstOrDefault(field => part.FindContent(field) is not null);
        var texts = field is null ? [] : Read($"{name}.{field}", part.Find(field)!.Value, kind);
        return AnswerExtras.OfPart(part, field) is { IsEmpty: false } extra ? texts.Append(new(kind, "", extra)) : texts;
    }

    private static string? FindUrl(JsonElement part) =>
        part.Find("image_url", JsonValueKind.Object) is { } image ? image.FindText("url") : part.FindText("image_url") ?? part.FindText("url");
}
