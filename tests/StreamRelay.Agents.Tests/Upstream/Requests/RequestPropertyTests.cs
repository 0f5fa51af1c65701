using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using StreamRelay.Agents.Upstream.Messages;
using StreamRelay.Agents.Upstream.Responses;
using StreamRelay.Conversations;
using StreamRelay.Protocols.AnthropicMessages;
using StreamRelay.Protocols.OpenAiResponses;

namespace StreamRelay.Agents.Upstream.Requests;

/// <summary>A conversation that was written as a request, and read as a request of that protocol, is what it was, but for what the writer named.</summary>
public sealed class RequestPropertyTests
{
    [Fact]
    public void A_conversation_is_read_back_from_its_stored_form() => SampleConversation.All.Sample(static messages =>
    {
        var stored = ConversationJson.Write(messages);
        AssertSame(stored, ConversationJson.Write(ConversationReader.Read(JsonElement.Parse(stored.Span))));
    });

    [Fact]
    public void A_conversation_comes_back_from_a_request_of_Responses() => SampleConversation.All.Sample(static messages =>
    {
        var request = ResponsesRequestWriter.Write(new(ConversationJson.Write(messages)), "m");

        var (carried, named) = Split(messages, static part => part is not MediaPart { Kind: MediaKind.Video });
        Assert.Equal(named, request.Dropped);
        var read = ResponsesRequest.Read(JsonElement.Parse(request.Body.Span)).ToInput();
        AssertSame(ConversationJson.Write(carried), read.Content);
        Assert.Empty(NeutralOptions.UntranslatedFields(JsonElement.Parse(read.Options.Span)));
    });

    [Fact]
    public void A_conversation_comes_back_from_a_request_of_Messages() => SampleConversation.All.Sample(static messages =>
    {
        var request = MessagesRequestWriter.Write(new(ConversationJson.Write(messages)), "m", 1234);
        if (messages.Any(static message => message.Parts.Any(static part => part is ToolCallPart { IsCustom: true })))
        {
            // Its result is left out with it, which changes the turns.
            Assert.Contains(request.Dropped, static field => field.EndsWith(".tool_calls", StringComparison.Ordinal));
            return;
        }

        var (carried, named) = SplitForMessages(messages);
        Assert.Equal(named.Order(), request.Dropped.Order());
        var read = AnthropicRequest.Read(JsonElement.Parse(request.Body.Span)).Input;
        AssertSame(ConversationJson.Write(carried), read.Content);
        Assert.Empty(NeutralOptions.UntranslatedFields(JsonElement.Parse(read.Options.Span)));
    });

    /// <summary>What Anthropic Messages can carry of a conversation without custom tools, and the names of the rest. All instructions are one text there.</summary>
    private static (List<ConversationMessage> Carried, List<string> Named) SplitForMessages(ConversationMessage[] messages)
    {
        var (rest, named) = Split(messages, static part => part is not MediaPart { Kind: MediaKind.Video });
        var instructions = rest.TakeWhile(static message => message.Role is "system" or "developer").ToArray();
        List<ConversationMessage> carried = instructions.Length == 0 ? []
            : [new("system", [new TextPart(string.Join("\n\n", instructions.SelectMany(static message => message.Parts.Cast<TextPart>()).Select(static part => part.Text)))])];
        foreach (var (index, message) in rest.Index().Skip(instructions.Length))
        {
            named.AddRange(messages[index].Parts.Index().Where(static part => part.Item is MediaPart { Kind: MediaKind.Audio }).Select(part => $"messages[{index}].content[{part.Index}]"));
            named.AddRange(messages[index].Parts.Index().Where(static part => part.Item is MediaPart { Detail: "high" }).Select(part => $"messages[{index}].content[{part.Index}].detail"));
            named.AddRange(message.Parts.Where(static part => part is ReasoningPart { Signature: null }).Select(_ => $"messages[{index}].reasoning_content"));
            carried.Add(message with
            {
                Parts = [.. message.Parts.Where(static part => part is not (MediaPart { Kind: MediaKind.Audio } or ReasoningPart { Signature: null }))
                    .Select(static part => part is MediaPart media ? media with { Detail = null } : part)],
            });
        }

        return (carried, named);
    }

    /// <summary>What an API can carry of a conversation, and the names of the rest.</summary>
    private static (List<ConversationMessage> Carried, List<string> Named) Split(ConversationMessage[] messages, Func<ConversationPart, bool> isCarried)
    {
        List<string> named = [];
        List<ConversationMessage> carried = [];
        foreach (var (index, message) in messages.Index())
        {
            if (message.Extras.ContainsKey("name"))
                named.Add($"messages[{index}].name");

            named.AddRange(message.Parts.Where(part => !isCarried(part)).Select(part => ((MediaPart)part).Field));
            carried.Add(message with { Parts = [.. message.Parts.Where(isCarried)], Extras = new Dictionary<string, JsonElement>() });
        }

        return (carried, named);
    }

    private static void AssertSame(ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> actual)
    {
        var (first, second) = (JsonNode.Parse(expected.Span)!, JsonNode.Parse(actual.Span)!);
        RemoveFields(first);
        RemoveFields(second);
        Assert.True(JsonNode.DeepEquals(first, second), $"{first.ToJsonString()}\nbecame {second.ToJsonString()}");
    }

    /// <summary>Removes the names of the fields in which attachments came: they differ between the protocols.</summary>
    private static void RemoveFields(JsonNode messages)
    {
        foreach (var part in messages.AsArray().Select(static message => message!["content"]).OfType<JsonArray>().SelectMany(static parts => parts))
            (part!["attachment"] as JsonObject)?.Remove("field");
    }
}
