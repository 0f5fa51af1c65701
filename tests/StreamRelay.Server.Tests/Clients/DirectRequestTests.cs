using System.ClientModel;
using System.Text.Json.Nodes;
using OpenAI;
using OpenAI.Chat;

namespace StreamRelay.Server.Clients;

/// <summary>A server of models gets from a client behind StreamRelay what the client sends to it directly.</summary>
public sealed class DirectRequestTests(TranslationFixture fixture) : IClassFixture<TranslationFixture>
{
    [Fact]
    public async Task The_second_turn_of_the_official_client_arrives_as_if_it_were_sent_directly()
    {
        var direct = await SendAsync(fixture.ModelUrl, "m");
        var relayed = await SendAsync(new(fixture.Strict.Address, "/v1"), "relayed");
        Assert.True(JsonNode.DeepEquals(direct, relayed), $"{direct.ToJsonString()}\nbecame {relayed.ToJsonString()}");
        Assert.NotNull(relayed["response_format"]);
    }

    private async Task<JsonNode> SendAsync(Uri endpoint, string model)
    {
        var client = new ChatClient(model, new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = endpoint });
        var options = new ChatCompletionOptions
        {
            Temperature = 0.5f,
            MaxOutputTokenCount = 100,
            AllowParallelToolCalls = true,
            ToolChoice = ChatToolChoice.CreateFunctionChoice("get_weather"),
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("answer", BinaryData.FromString("""{"type":"object"}"""), jsonSchemaIsStrict: true),
        };
        options.Tools.Add(ChatTool.CreateFunctionTool("get_weather", "The weather.", BinaryData.FromString("""{"type":"object"}""")));
        options.StopSequences.Add("END");
        ChatMessage[] messages =
        [
            new SystemChatMessage("Be brief."),
            new UserChatMessage(ChatMessageContentPart.CreateTextPart("Where is this, and what is the weather?"),
                ChatMessageContentPart.CreateImagePart(new Uri("https://example.com/a.png"), ChatImageDetailLevel.Low)),
            new AssistantChatMessage([
                ChatToolCall.CreateFunctionToolCall("a", "get_weather", BinaryData.FromString("""{"city":"Paris"}""")),
                ChatToolCall.CreateFunctionToolCall("b", "get_weather", BinaryData.FromString("""{"city":"Köln"}"""))]),
            new ToolChatMessage("a", "21"),
            new ToolChatMessage("b", "19"),
            new UserChatMessage("And tomorrow? 😀"),
        ];
        await foreach (var _ in client.CompleteChatStreamingAsync(messages, options))
        {
        }

        return JsonNode.Parse(fixture.LastBody)!;
    }
}
