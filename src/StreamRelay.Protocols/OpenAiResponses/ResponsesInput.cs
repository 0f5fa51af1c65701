using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>Reads the input of a response as a conversation.</summary>
/// <param name="options">Keeps the items that have no place in a conversation.</param>
internal sealed class ResponsesInput(OptionsBuilder options)
{
    private const string Extra = "x_extra";

    private static readonly string[] Roles = ["user", "assistant", "system", "developer"];

    private readonly ConversationBuilder _conversation = new();
    private readonly ResponsesContent _content = new(options);

    /// <exception cref="RequestException">400, naming the item that is wrong.</exception>
    public IReadOnlyList<ConversationMessage> Read(JsonElement? input)
    {
        if (input is not { } given)
            throw RequestException.Invalid("'input' is required.", "input", "missing_field");
        if (given.ValueKind == JsonValueKind.String)
            _conversation.Add("user", [new TextPart(JsonFields.Text(given, "input"))]);
        else
            ReadItems(given, "input", "a string or a list of items");

        return _conversation.Messages;
    }

    /// <exception cref="RequestException">400, naming the item that is wrong.</exception>
    public IReadOnlyList<ConversationMessage> ReadItems(JsonElement items, string name, string expected = "a list of items")
    {
        if (items.ValueKind != JsonValueKind.Array)
            throw JsonFields.Wrong(name, expected);

        var index = 0;
        foreach (var item in items.EnumerateArray())
            ReadItem(item, $"{name}[{index++}]");

        return _conversation.Messages;
    }

    private void ReadItem(JsonElement item, string name)
    {
        if (item.ValueKind != JsonValueKind.Object)
            throw JsonFields.Wrong(name, "an object");

        var type = item.OptionalText("type") ?? "message";
        if (!ResponsesFields.Items.TryGetValue(type, out var known))
        {
            options.KeepUntranslated(name, item);
            return;
        }

        foreach (var other in item.EnumerateObject().Where(other => !known.Contains(other.Name) && !JsonFields.IsOff(other.Value)))
            options.KeepUntranslated($"{name}.{other.Name}", other.Value);

        switch (type)
        {
            case "message":
                ReadMessage(item, name);
                break;
            case "reasoning":
                _conversation.Add("assistant", [new ReasoningPart(ReasoningText(item), item.OptionalText("encrypted_content"))], Extras(item));
                break;
            case "function_call":
                _conversation.Add("assistant", [ReadCall(item, name, "arguments")]);
                break;
            case "custom_tool_call":
                _conversation.Add("assistant", [ReadCall(item, name, "input") with { IsCustom = true }]);
                break;
            default:
                _conversation.AddResult(new(item.RequiredText("call_id", name), _content.Read(item.Optional("output"), $"{name}.output")));
                break;
        }
    }

    private void ReadMessage(JsonElement item, string name)
    {
        if (item.OptionalText("role") is not { } role || !Roles.Contains(role))
            throw JsonFields.Wrong($"{name}.role", $"one of {string.Join(", ", Roles)}");
        if (item.Optional("content") is not { } content)
            throw JsonFields.Wrong($"{name}.content", "a string or a list of parts");

        _conversation.Add(role, _content.Read(content, $"{name}.content"), Extras(item));
    }

    private static Dictionary<string, JsonElement> Extras(JsonElement item) => UpstreamFields.ToExtras(item.Optional(Extra));

    private static ToolCallPart ReadCall(JsonElement item, string name, string input) =>
        new(item.RequiredText("call_id", name), item.RequiredText("name", name), item.RequiredText(input, name))
        {
            Extra = item.Optional(Extra) is { ValueKind: JsonValueKind.Object } extra ? extra : null,
        };

    /// <summary>The reasoning itself where the item has it, else its summary.</summary>
    private static string ReasoningText(JsonElement item)
    {
        var content = Texts(item.Optional("content"));
        return string.Join("\n\n", content.Length > 0 ? content : Texts(item.Optional("summary")));
    }

    private static string[] Texts(JsonElement? pieces) => pieces is not { ValueKind: JsonValueKind.Array } list ? []
        : [.. list.EnumerateArray().Where(static piece => piece.ValueKind == JsonValueKind.Object).Select(static piece => piece.OptionalText("text")).OfType<string>()];
}
