using System.Text.Json;

namespace StreamRelay.Conversations;

/// <summary>Collects the messages of a request in the order that models take: the calls of a turn are in one message, and their results follow it.</summary>
public sealed class ConversationBuilder
{
    private const string Assistant = "assistant";
    private const string Tool = "tool";

    private readonly List<ConversationMessage> _messages = [];

    /// <summary>The messages so far.</summary>
    public IReadOnlyList<ConversationMessage> Messages => _messages;

    /// <summary>Adds a message. What an assistant says or calls next to its own calls belongs to one turn, and so does reasoning to what follows it.</summary>
    public void Add(string role, IReadOnlyList<ConversationPart> parts, IReadOnlyDictionary<string, JsonElement>? extras = null)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var message = new ConversationMessage(role, parts) { Extras = extras ?? new Dictionary<string, JsonElement>() };
        if (role == Assistant && _messages.LastOrDefault() is { Role: Assistant } last && BelongTogether(last, message))
            _messages[^1] = last with { Parts = [.. last.Parts, .. parts], Extras = Join(last.Extras, message.Extras) };
        else
            _messages.Add(message);
    }

    /// <summary>Adds the result of a call: after the message with the call and the results that are there already.</summary>
    public void AddResult(ToolResultPart result)
    {
        var index = _messages.FindLastIndex(message => message.Parts.Any(part => part is ToolCallPart call && call.Id == result.CallId));
        var message = new ConversationMessage(Tool, [result]);
        if (index < 0)
        {
            _messages.Add(message);
            return;
        }

        do
            index++;
        while (index < _messages.Count && _messages[index].Role == Tool);

        _messages.Insert(index, message);
    }

    private static IReadOnlyDictionary<string, JsonElement> Join(IReadOnlyDictionary<string, JsonElement> first, IReadOnlyDictionary<string, JsonElement> second)
    {
        var fields = new CollectedFields();
        fields.Add(first);
        fields.Add(second);
        return fields.Join();
    }

    private static bool BelongTogether(ConversationMessage last, ConversationMessage next) =>
        HasCalls(last) || HasCalls(next) || last.Parts.All(static part => part is ReasoningPart);

    private static bool HasCalls(ConversationMessage message) => message.Parts.Any(static part => part is ToolCallPart);
}
