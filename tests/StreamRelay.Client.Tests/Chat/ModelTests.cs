using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace StreamRelay.Client.Chat;

/// <summary>A model behind the server, which a chat client reaches through it.</summary>
public sealed class ModelTests
{
    private const string Call = """{"choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"look","arguments":"{\"city\":\"Paris\"}"}}]}}]}""";
    private const string CallEnd = """{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""";
    private const string Answer = """{"choices":[{"index":0,"delta":{"content":"Sunny."},"finish_reason":"stop"}]}""";
    private const string Usage = """{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11,"prompt_tokens_details":{"cached_tokens":4}}}""";

    [Fact]
    public async Task A_tool_of_the_application_is_run_and_its_result_reaches_the_model()
    {
        List<JsonNode> bodies = [];
        await using var model = await StartAsync(bodies);
        using var app = new RelayApp(new()
        {
            ["StreamRelay:Agents:model:Type"] = "upstream",
            ["StreamRelay:Agents:model:BaseUrl"] = $"{model.Urls.First()}/v1",
            ["StreamRelay:Agents:model:Model"] = "m",
        });
        using var relay = new StreamRelayClient(app.Address, options: FastTime.Options);
        using var chat = relay.AsChatClient("model").AsBuilder().UseFunctionInvocation().Build();
        var tool = AIFunctionFactory.Create((string city) => $"21 degrees in {city}", "look");

        var answer = await chat.GetResponseAsync("What is the weather?", new() { Tools = [tool], Temperature = 0.5f });

        Assert.Equal("Sunny.", answer.Text);
        Assert.Equal((18, 8), (answer.Usage!.InputTokenCount, answer.Usage.CachedInputTokenCount));
        Assert.Equal(2, bodies.Count);
        Assert.Equal(0.5, bodies[0]["temperature"]!.GetValue<double>());
        Assert.Equal("look", bodies[0]["tools"]![0]!["function"]!["name"]!.GetValue<string>());
        var messages = bodies[1]["messages"]!.AsArray();
        Assert.Equal(["user", "assistant", "tool"], messages.Select(message => message!["role"]!.GetValue<string>()));
        Assert.Equal("""{"city":"Paris"}""", messages[1]!["tool_calls"]![0]!["function"]!["arguments"]!.GetValue<string>());
        Assert.Equal(("c1", "21 degrees in Paris"), (messages[2]!["tool_call_id"]!.GetValue<string>(), messages[2]!["content"]!.GetValue<string>()));
    }

    private static async Task<WebApplication> StartAsync(List<JsonNode> bodies)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPost("/v1/chat/completions", async context =>
        {
            bodies.Add((await JsonNode.ParseAsync(context.Request.Body))!);
            context.Response.ContentType = "text/event-stream";
            foreach (var chunk in bodies.Count == 1 ? [Call, CallEnd, Usage, "[DONE]"] : (string[])[Answer, Usage, "[DONE]"])
                await context.Response.WriteAsync($"data: {chunk}\n\n");
        });
        await app.StartAsync();
        return app;
    }
}
