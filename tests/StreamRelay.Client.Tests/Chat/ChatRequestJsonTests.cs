using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace StreamRelay.Client.Chat;

/// <summary>What a chat client sends.</summary>
public sealed class ChatRequestJsonTests
{
    [Fact]
    public void Messages_with_media_tools_and_reasoning_have_the_form_of_Chat_Completions()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.System, "Be brief."),
            new(ChatRole.User, [new TextContent("What is this?"), new DataContent(new byte[] { 1 }, "image/png"), new DataContent(new byte[] { 2 }, "application/pdf") { Name = "a.pdf" }]),
            new(ChatRole.Assistant,
            [
                new TextReasoningContent("Hm."), new FunctionCallContent("c1", "look", new Dictionary<string, object?> { ["at"] = "it" }),
                new FunctionResultContent("c1", "a cat"), new TextContent("A cat."), new UsageContent(new()),
            ]),
            new(ChatRole.Tool, [new FunctionResultContent("c2", 7)]),
        ];

        Equal("""
            [{"role":"system","content":"Be brief."},
             {"role":"user","content":[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQ=="}},
                                       {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,Ag=="}}]},
             {"role":"assistant","content":null,"reasoning_content":"Hm.","tool_calls":[{"id":"c1","type":"function","function":{"name":"look","arguments":"{\"at\":\"it\"}"}}]},
             {"role":"tool","tool_call_id":"c1","content":"a cat"},
             {"role":"assistant","content":"A cat."},
             {"role":"tool","tool_call_id":"c2","content":"7"}]
            """, Create(messages)["messages"]);
    }

    [Fact]
    public void Options_have_the_names_of_Chat_Completions()
    {
        var body = Create([new(ChatRole.User, "Hi")], new()
        {
            Instructions = "Be brief.",
            Temperature = 0.5f,
            MaxOutputTokens = 10,
            StopSequences = ["END"],
            Reasoning = new() { Effort = ReasoningEffort.Low },
            Tools = [AIFunctionFactory.Create((string city) => city, "look", "Looks.")],
            ToolMode = ChatToolMode.RequireSpecific("look"),
            AllowMultipleToolCalls = false,
            ResponseFormat = ChatResponseFormat.Json,
            AdditionalProperties = new() { ["metadata"] = new Dictionary<string, string> { ["language"] = "German" } },
        });

        Equal("""{"name":"look","description":"Looks.","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}""", body["tools"]![0]!["function"]);
        body.Remove("tools");
        Equal("""
            {"model":"probe","stream":true,"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}],"temperature":0.5,"max_completion_tokens":10,
             "reasoning_effort":"low","stop":["END"],"parallel_tool_calls":false,"tool_choice":{"type":"function","function":{"name":"look"}},
             "response_format":{"type":"json_object"},"metadata":{"language":"German"}}
            """, body);
    }

    [Fact]
    public void What_has_no_form_is_refused_by_name()
    {
        Assert.Contains("ConversationId", Assert.Throws<NotSupportedException>(() => Create([], new() { ConversationId = "c" })).Message);
        Assert.Contains("HostedWebSearchTool", Assert.Throws<NotSupportedException>(() => Create([], new() { Tools = [new HostedWebSearchTool()] })).Message);
        Assert.Contains("ErrorContent", Assert.Throws<NotSupportedException>(() => Create([new(ChatRole.User, [new ErrorContent("x")])])).Message);
    }

    private static JsonObject Create(IEnumerable<ChatMessage> messages, ChatOptions? options = null) =>
        JsonNode.Parse(ChatRequestJson.Create("probe", messages, options))!.AsObject();

    private static void Equal(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString());
}
