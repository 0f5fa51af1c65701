using System.ClientModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenAI.Conversations;
using OpenAI.Responses;

#pragma warning disable OPENAI001 // The client marks Responses and Conversations as still open to change.

namespace StreamRelay.Server.Clients;

/// <summary>The official .NET client of Responses and Conversations.</summary>
public sealed class OpenAiResponsesClientTests(TranslationFixture fixture) : IClassFixture<TranslationFixture>
{
    private readonly RelayApp _app = fixture.Strict;

    [Fact]
    public async Task The_client_continues_a_conversation_and_lists_the_input_of_its_responses()
    {
        var conversations = new ConversationClient(new ApiKeyCredential("none"), new ConversationClientOptions { Endpoint = new(_app.Address, "/v1") });
        var created = await conversations.CreateConversationAsync(BinaryContent.Create(BinaryData.FromString("""{"items":[{"role":"user","content":"I am Ada."}]}""")));
        var id = JsonElement.Parse(created.GetRawResponse().Content).GetProperty("id").GetString()!;
        var client = Client();

        var response = (await client.CreateResponseAsync(new CreateResponseOptions("relayed", [ResponseItem.CreateUserMessageItem("Who am I?")]) { ConversationOptions = new(id) })).Value;

        Assert.Equal("ok", response.GetOutputText());
        List<string> input = [];
        await foreach (var item in client.GetResponseInputItemsAsync(response.Id))
            input.Add(Assert.IsAssignableFrom<MessageResponseItem>(item).Content[0].Text);

        Assert.Equal(["Who am I?", "I am Ada."], input);
        var read = await conversations.GetConversationAsync(id, null);
        Assert.Equal(id, JsonElement.Parse(read.GetRawResponse().Content).GetProperty("id").GetString());
        await conversations.DeleteConversationAsync(id, null);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => conversations.GetConversationAsync(id, null))).Status);
    }

    [Fact]
    public async Task A_structured_output_reaches_the_server_of_the_model_as_the_client_describes_it()
    {
        const string Schema = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";
        var options = new CreateResponseOptions("relayed", [ResponseItem.CreateUserMessageItem("Where?")])
        {
            TextOptions = new() { TextFormat = ResponseTextFormat.CreateJsonSchemaFormat("place", BinaryData.FromString(Schema), "A place.", true) },
            MaxToolCallCount = 3,
            TruncationMode = ResponseTruncationMode.Auto,
        };

        var response = (await Client().CreateResponseAsync(options)).Value;

        var expected = JsonNode.Parse($$$"""{"type":"json_schema","json_schema":{"name":"place","description":"A place.","schema":{{{Schema}}},"strict":true}}""");
        var sent = JsonNode.Parse(fixture.LastBody)!["response_format"];
        Assert.True(JsonNode.DeepEquals(expected, sent), sent?.ToJsonString());
        Assert.Equal(ResponseTextFormatKind.JsonSchema, response.TextOptions.TextFormat.Kind);
        Assert.Equal((3, ResponseTruncationMode.Auto), (response.MaxToolCallCount, response.TruncationMode));
    }

    private ResponsesClient Client() => new(new ApiKeyCredential("none"), new ResponsesClientOptions { Endpoint = new(_app.Address, "/v1") });
}
