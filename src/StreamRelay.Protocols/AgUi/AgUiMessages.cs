using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.AgUi;

/// <summary>Reads the messages of a thread as a conversation. Activities are for the front end, and no part of it.</summary>
/// <param name="options">Keeps the fields that have no place in a conversation.</param>
internal sealed class AgUiMessages(OptionsBuilder options)
{
    private readonly ConversationBuilder _conversation = new();
    private readonly AgUiContent _content = new(options);

    /// <exception cref="RequestException">400, naming the message that is wrong.</exception>
    public IReadOnlyList<ConversationMessage> Read(JsonElement? messages)
    {
        MessageList.Read(messages, "messages", ReadMessage);
        return _conversation.Messages;
    }

    private void ReadMessage(JsonElement message, string name)
    {
        if (message.ValueKind != JsonValueKind.Object)
            throw JsonFields.Wrong(name, "an object");
        if (message.OptionalText("role") is not { } role || !AgUiFields.Roles.TryGetValue(role, out var handling))
            throw JsonFields.Wrong($"{name}.role", $"one of {string.Join(", ", AgUiFields.Roles.Keys)}");
        if (handling == FieldHandling.Used)
            return;

        var parts = _content.Read(message.Optional("content"), $"{name}.content");
        switch (role)
        {
            case "tool":
                _conversation.AddResult(new(message.RequiredText("toolCallId", name), [.. parts, .. Error(message, parts)]));
                break;
            case "reasoning":
                var text = string.Concat(parts.OfType<TextPart>().Select(static part => part.Text));
                _conversation.Add("assistant", [new ReasoningPart(text, message.OptionalText("encryptedValue"))], Extras(message));
                break;
            case "assistant":
                _conversation.Add(role, [.. Signature(message), .. parts, .. Calls(message, name)], Extras(message));
                break;
            default:
                _conversation.Add(role, parts, Extras(message));
                break;
        }
    }

    private static IEnumerable<TextPart> Error(JsonElement message, IReadOnlyList<ConversationPart> content) =>
        message.OptionalText("error") is { Length: > 0 } error && !content.Contains(new TextPart(error)) ? [new(error)] : [];

    private static IEnumerable<ReasoningPart> Signature(JsonElement message) => message.OptionalText("encryptedValue") is { } value ? [new("", value)] : [];

    private static IEnumerable<ConversationPart> Calls(JsonElement message, string name)
    {
        if (message.Optional("toolCalls") is not { } calls)
            yield break;
        if (calls.ValueKind != JsonValueKind.Array)
            throw JsonFields.Wrong($"{name}.toolCalls", "a list of tool calls");

        var index = 0;
        foreach (var call in calls.EnumerateArray())
        {
            var field = $"{name}.toolCalls[{index++}]";
            if (call.ValueKind != JsonValueKind.Object || call.OptionalObject("function") is not { } function)
                throw JsonFields.Wrong($"{field}.function", "an object");
            foreach (var signature in Signature(call))
                yield return signature;

            var id = call.RequiredText("id", field);
            field += ".function";
            yield return new ToolCallPart(id, function.RequiredText("name", field), function.RequiredText("arguments", field))
            {
                Extra = UpstreamFields.Find(call, "metadata"),
            };
        }
    }

    private static Dictionary<string, JsonElement> Extras(JsonElement message)
    {
        var extras = UpstreamFields.ToExtras(UpstreamFields.Find(message, "metadata"));
        if (message.Optional("name") is { } name && message.OptionalText("role") is not "reasoning")
            extras["name"] = name;

        return extras;
    }
}
