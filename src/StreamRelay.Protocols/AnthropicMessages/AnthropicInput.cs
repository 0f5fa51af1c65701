using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>Reads the system prompt and the messages of a request as a conversation.</summary>
/// <param name="options">Keeps the blocks that have no place in a conversation.</param>
internal sealed class AnthropicInput(OptionsBuilder options)
{
    private const string Assistant = "assistant";
    private const string System = "system";

    private static readonly string[] Roles = ["user", Assistant, System];

    private readonly AnthropicBlocks _blocks = new(options);
    private readonly ConversationBuilder _conversation = new();

    /// <exception cref="RequestException">400, naming the message that is wrong.</exception>
    public IReadOnlyList<ConversationMessage> Read(JsonElement json)
    {
        if (json.Optional("messages") is not { } messages)
            throw RequestException.Invalid("'messages' is required.", "messages", "missing_field");
        if (json.Optional(System) is { } system)
            AddSystem(system, System);

        MessageList.Read(messages, "messages", ReadMessage);
        return _conversation.Messages;
    }

    private void ReadMessage(JsonElement message, string name)
    {
        if (message.ValueKind != JsonValueKind.Object)
            throw JsonFields.Wrong(name, "an object");
        if (message.OptionalText("role") is not { } role || !Roles.Contains(role))
            throw JsonFields.Wrong($"{name}.role", $"one of {string.Join(", ", Roles)}");

        var content = message.Optional("content");
        if (role == System)
            AddSystem(content, $"{name}.content");
        else
            AddBlocks(role, AnthropicBlocks.Split(content, $"{name}.content"));
    }

    /// <summary>Adds the blocks of one message. Results go to their calls, and instructions among the blocks are a message of their own.</summary>
    private void AddBlocks(string role, IReadOnlyList<(JsonElement Block, string Name)> blocks)
    {
        List<ConversationPart> parts = [];
        var reasoning = new AnthropicReasoning();
        foreach (var (block, name) in blocks)
        {
            switch (block.RequiredText("type", name))
            {
                case "tool_result":
                    _conversation.AddResult(_blocks.ReadResult(block, name));
                    break;
                case "mid_conv_system":
                    AddParts(role, parts, reasoning);
                    AddSystem(block.Optional("content"), $"{name}.content");
                    break;
                default:
                    parts.AddRange(_blocks.Read(block, name) is { } part ? [part] : []);
                    reasoning.Add(block);
                    break;
            }
        }

        if (blocks.Count == 0)
            _conversation.Add(role, []);

        AddParts(role, parts, reasoning);
    }

    private void AddParts(string role, List<ConversationPart> parts, AnthropicReasoning reasoning)
    {
        if (parts.Count > 0)
            _conversation.Add(role, [.. parts], role == Assistant ? reasoning.TakeExtras() : null);

        parts.Clear();
    }

    /// <summary>Adds instructions. Blocks without fields of their own are one text, because many servers take no list there.</summary>
    private void AddSystem(JsonElement? content, string name)
    {
        TextPart[] texts = [.. AnthropicBlocks.Split(content, name).Select(block =>
            _blocks.Read(block.Block, block.Name) as TextPart ?? throw JsonFields.Wrong($"{block.Name}.type", "text"))];
        if (texts.All(static text => text.Extras.Count == 0))
            texts = [new(string.Join("\n\n", texts.Select(static text => text.Text)))];
        if (texts.Any(static text => text.Text.Length > 0))
            _conversation.Add(System, texts);
    }
}
