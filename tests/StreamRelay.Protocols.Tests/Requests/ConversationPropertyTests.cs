using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using StreamRelay.Protocols.AgUi;
using StreamRelay.Protocols.AiSdk;
using StreamRelay.Protocols.AnthropicMessages;
using StreamRelay.Protocols.OpenAiChat;
using StreamRelay.Protocols.OpenAiResponses;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.Requests;

/// <summary>An agent gets the same conversation from every protocol, and that of Chat Completions as it came.</summary>
public sealed class ConversationPropertyTests
{
    [Fact]
    public void A_conversation_is_the_same_from_every_protocol() => SampleTurn.Conversations.Sample(static turns =>
    {
        var expected = SampleRequests.Chat(turns);
        AssertSame(expected, "chat", OpenAiChatRequest.Read(Element(new() { ["messages"] = expected.DeepClone() })).ToDraft("a").Input);
        AssertSame(expected, "responses", ResponsesRequest.Read(Element(SampleRequests.Responses(turns))).ToInput());
        AssertSame(expected, "anthropic", AnthropicRequest.Read(Element(SampleRequests.Anthropic(turns))).Input);
        AssertSame(expected, "ai-sdk", AiSdkRequest.Read(Element(SampleRequests.AiSdk(turns))).Input);
        AssertSame(expected, "ag-ui", AgUiRequest.Read(Element(SampleRequests.AgUi(turns))).Input);
    });

    private static JsonElement Element(JsonObject json) => JsonElement.Parse(json.ToJsonString());

    private static void AssertSame(JsonArray expected, string protocol, TaskInput input) => Assert.True(
        JsonNode.DeepEquals(expected, JsonNode.Parse(input.Content.Span)), $"{protocol}: {expected.ToJsonString()}\nbecame {JsonNode.Parse(input.Content.Span)!.ToJsonString()}");
}
