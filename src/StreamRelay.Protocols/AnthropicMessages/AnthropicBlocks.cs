using System.Text;
using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>Reads blocks of messages as parts.</summary>
/// <param name="options">Keeps what has no place in a conversation.</param>
internal sealed class AnthropicBlocks(OptionsBuilder options)
{
    private const string CacheControl = "cache_control";

    /// <summary>The blocks of a content, with their names; a text is one block.</summary>
    /// <exception cref="RequestException">400: the content is malformed.</exception>
    public static IReadOnlyList<(JsonElement Block, string Name)> Split(JsonElement? content, string name) => content switch
    {
        { ValueKind: JsonValueKind.String } text => [(AsBlock(text), name)],
        { ValueKind: JsonValueKind.Array } blocks when blocks.EnumerateArray().All(static block => block.ValueKind == JsonValueKind.Object) =>
            [.. blocks.EnumerateArray().Select((block, index) => (block, $"{name}[{index}]"))],
        _ => throw JsonFields.Wrong(name, "a string or a list of blocks"),
    };

    /// <summary>Reads a block that is no result.</summary>
    /// <returns><see langword="null"/> for a block that has no translation.</returns>
    /// <exception cref="RequestException">400: the block is malformed.</exception>
    public ConversationPart? Read(JsonElement block, string name)
    {
        var type = block.RequiredText("type", name);
        switch (type)
        {
            case "text":
                return new TextPart(block.RequiredText("text", name)) { Extras = Others(block, type) };
            case "image":
                return ReadMedia(block, new(MediaKind.Image) { Field = name, Extras = Others(block, type) }, name);
            case "document":
                return ReadMedia(block, new(MediaKind.File) { Name = block.OptionalText("title"), Field = name, Extras = Others(block, type) }, name);
            case "thinking":
                KeepOthers(block, type, name);
                return new ReasoningPart(block.RequiredText("thinking", name));
            case "redacted_thinking":
                KeepOthers(block, type, name);
                return new ReasoningPart("");
            case "tool_use":
                return ReadCall(block, name);
            default:
                options.KeepUntranslated(name, block);
                return null;
        }
    }

    /// <summary>Reads a result of a tool. A mark for the cache belongs to the last part of its content.</summary>
    /// <exception cref="RequestException">400: the block is malformed.</exception>
    public ToolResultPart ReadResult(JsonElement block, string name)
    {
        KeepOthers(block, "tool_result", name);
        var content = block.Optional("content") is { } given ? Split(given, $"{name}.content") : [];
        List<ConversationPart> parts = [.. content.Select(part => Read(part.Block, part.Name)).OfType<ConversationPart>()];
        if (block.Optional(CacheControl) is { } mark && parts.Count > 0 && !parts[^1].Extras.ContainsKey(CacheControl))
            parts[^1] = parts[^1] with { Extras = new Dictionary<string, JsonElement>(parts[^1].Extras) { [CacheControl] = mark } };

        return new(block.RequiredText("tool_use_id", name), parts) { IsError = block.Flag("is_error") };
    }

    private ToolCallPart ReadCall(JsonElement block, string name)
    {
        KeepOthers(block, "tool_use", name);
        if (block.OptionalObject("caller") is { } caller && caller.OptionalText("type") != "direct")
            options.KeepUntranslated($"{name}.caller", caller);

        var input = block.Optional("input") ?? throw JsonFields.Wrong($"{name}.input", "an object");
        return new(block.RequiredText("id", name), block.RequiredText("name", name), input.ValueKind == JsonValueKind.String ? JsonFields.Text(input, name) : input.GetRawText())
        {
            IsCustom = block.Flag("x_custom"),
            Extra = block.OptionalObject("x_extra"),
            Extras = block.Optional(CacheControl) is { } mark ? new() { [CacheControl] = mark } : new Dictionary<string, JsonElement>(),
        };
    }

    private MediaPart? ReadMedia(JsonElement block, MediaPart media, string name)
    {
        if (block.OptionalObject("source") is not { } source)
            throw JsonFields.Wrong($"{name}.source", "an object with a 'type'");

        var owner = $"{name}.source";
        switch (source.OptionalText("type"))
        {
            case "base64":
                return media with { Data = source.RequiredText("data", owner), MediaType = source.OptionalText("media_type") };
            case "text":
                return media with { Data = Convert.ToBase64String(Encoding.UTF8.GetBytes(source.RequiredText("data", owner))), MediaType = "text/plain" };
            case "url":
                return media.At(source.RequiredText("url", owner));
            case "file":
                return media with { FileId = source.RequiredText("file_id", owner) };
            default:
                options.KeepUntranslated(owner, source);
                return null;
        }
    }

    /// <summary>The fields that go with a part.</summary>
    private static Dictionary<string, JsonElement> Others(JsonElement block, string type) =>
        Fields(block, type, FieldHandling.Passed).ToDictionary(static field => field.Name, static field => field.Value);

    private void KeepOthers(JsonElement block, string type, string name)
    {
        foreach (var field in Fields(block, type, FieldHandling.Untranslated))
            options.KeepUntranslated($"{name}.{field.Name}", field.Value);
    }

    /// <summary>The fields with a value that are handled in this way.</summary>
    /// <param name="block">The block.</param>
    /// <param name="type">Its type.</param>
    /// <param name="handling">The way, which is also that of fields that are not declared.</param>
    private static IEnumerable<JsonProperty> Fields(JsonElement block, string type, FieldHandling handling) => block.EnumerateObject()
        .Where(field => AnthropicBlockFields.All[type].GetValueOrDefault(field.Name, handling) == handling && !JsonFields.IsOff(field.Value)).DistinctBy(static field => field.Name);

    private static JsonElement AsBlock(JsonElement text) => JsonElement.Parse($$"""{"type":"text","text":{{text.GetRawText()}}}""");
}
