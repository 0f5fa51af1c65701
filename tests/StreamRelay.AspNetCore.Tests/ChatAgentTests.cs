using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using StreamRelay.Agents.ChatAgents;
using StreamRelay.Conversations;
using StreamRelay.Testing;

namespace StreamRelay.AspNetCore;

public sealed class ChatAgentTests
{
    private const string Image = "iVBORw0KGgo=";

    [Fact]
    public async Task The_answer_of_a_chat_client_is_read_as_a_chat_completion()
    {
        var model = new ScriptedModel([new TextReasoningContent("Hm."), new TextContent("It is "), new TextContent("sunny."), Tokens(3, 4)]);
        await using var host = await StartAsync(model);

        var answer = await AskAsync(host, new
        {
            model = "weather",
            temperature = 0.5,
            messages = new object[]
            {
                new { role = "system", content = "Be brief." },
                new { role = "user", content = new object[] { new { type = "text", text = "And here?" }, new { type = "image_url", image_url = new { url = $"data:image/png;base64,{Image}" } } } },
            },
        });

        Assert.Equal("It is sunny.", answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(7, answer.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        var (messages, options) = Assert.Single(model.Requests);
        Assert.Equal([(ChatRole.System, "Be brief."), (ChatRole.User, "And here?")], messages.Select(static message => (message.Role, message.Text)));
        Assert.Equal(Image, Convert.ToBase64String(Assert.Single(messages[1].Contents.OfType<DataContent>()).Data.Span));
        Assert.Equal(0.5f, options?.Temperature);
    }

    [Fact]
    public async Task A_function_of_the_agent_is_run_and_the_model_gets_its_result()
    {
        var model = new ScriptedModel(
            [new FunctionCallContent("c1", "degrees", new Dictionary<string, object?> { ["city"] = "Paris" }), Tokens(1, 1)], [new TextContent("21 degrees."), Tokens(2, 2)]);
        await using var host = await StartAsync(model, AIFunctionFactory.Create((string city) => city == "Paris" ? 21 : 0, "degrees"));

        var answer = await AskAsync(host, Question());

        Assert.Equal("21 degrees.", answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(6, answer.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        var result = Assert.Single(model.Requests[1].Messages.SelectMany(static message => message.Contents).OfType<FunctionResultContent>());
        Assert.Equal(("c1", "21"), (result.CallId, result.Result?.ToString()));
    }

    [Fact]
    public async Task A_call_of_a_tool_of_the_caller_is_left_to_the_caller()
    {
        var model = new ScriptedModel([new FunctionCallContent("c1", "look", new Dictionary<string, object?> { ["at"] = "sky" })]);
        await using var host = await StartAsync(model);

        var answer = await AskAsync(host, Question(new { type = "function", function = new { name = "look", parameters = new { type = "object" } } }));

        var choice = answer.GetProperty("choices")[0];
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        var call = choice.GetProperty("message").GetProperty("tool_calls")[0];
        Assert.Equal("c1", call.GetProperty("id").GetString());
        Assert.Equal("""{"at":"sky"}""", call.GetProperty("function").GetProperty("arguments").GetString());
    }

    [Fact]
    public async Task Reasoning_functions_and_what_no_event_carries_are_events_of_the_task()
    {
        var model = new ScriptedModel(
            [new TextReasoningContent("Hm."), new FunctionCallContent("c1", "degrees", new Dictionary<string, object?> { ["city"] = "Paris" })],
            [new TextContent("21"), new DataContent(new byte[] { 1 }, "image/png")]);
        await using var host = await StartAsync(model, AIFunctionFactory.Create((string city) => city == "Paris" ? 21 : 0, "degrees"));

        using var answer = await host.Client.PostAsJsonAsync("/v1/chat/completions", Question());
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/tasks/{answer.Headers.GetValues("X-Task-Id").Single()}/events");
        request.Headers.Accept.ParseAdd("application/json");
        using var page = await host.Client.SendAsync(request);
        var events = (await page.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").EnumerateArray().ToList();

        Assert.Equal(["start", "thought", "action", "observation", "output", "log", "usage", "end"], events.Select(static one => one.GetProperty("event_type").GetString()));
        Assert.Equal("""{"city":"Paris"}""", events[2].GetProperty("input").GetRawText());
        Assert.Equal("21", events[3].GetProperty("content").GetString());
        Assert.Equal("The answer contains DataContent, which is not shown.", events[5].GetProperty("content").GetString());
    }

    [Fact]
    public async Task The_options_of_a_request_are_those_of_the_chat_client()
    {
        var model = new ScriptedModel([new TextContent("{}")]);
        await using var host = await StartAsync(model);

        await AskAsync(host, JsonElement.Parse("""
            {"model":"weather","messages":[{"role":"user","content":"x"}],"top_p":0.5,"frequency_penalty":1,"presence_penalty":-1,"max_tokens":9,"max_completion_tokens":7,"seed":5,"stop":["a","b"],
             "tools":[{"type":"function","function":{"name":"look"}}],"tool_choice":{"type":"function","function":{"name":"look"}},"parallel_tool_calls":false,
             "response_format":{"type":"json_schema","json_schema":{"name":"thing","schema":{"type":"object"}}}}
            """));

        var options = Assert.Single(model.Requests).Options!;
        Assert.Equal((0.5f, 1f, -1f, 7, 5L, false), (options.TopP, options.FrequencyPenalty, options.PresencePenalty, options.MaxOutputTokens, options.Seed, options.AllowMultipleToolCalls));
        Assert.Equal(["a", "b"], options.StopSequences!);
        Assert.Equal(ChatToolMode.RequireSpecific("look"), options.ToolMode);
        Assert.Equal("thing", Assert.IsType<ChatResponseFormatJson>(options.ResponseFormat).SchemaName);
    }

    [Theory]
    [InlineData("logit_bias", """{"model":"weather","logit_bias":{"1":2},"messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("tools[0]", """{"model":"weather","tools":[{"type":"custom","custom":{"name":"any"}}],"messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("messages[0].content[0]", """{"model":"weather","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,??"}}]}]}""")]
    public async Task What_a_chat_client_cannot_be_given_is_refused_by_name(string name, string request)
    {
        var model = new ScriptedModel([new TextContent("never")]);
        await using var host = await StartAsync(model);

        var answer = await AskAsync(host, JsonElement.Parse(request));

        Assert.Contains(name, answer.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(model.Requests);
    }

    [Fact]
    public async Task A_call_that_the_client_runs_itself_is_shown_with_its_result_and_a_failed_one_is_an_error()
    {
        var model = new ScriptedModel(
        [
            new FunctionCallContent("c1", "inner", new Dictionary<string, object?> { ["city"] = "Paris" }) { InformationalOnly = true }, new FunctionResultContent("c1", new { degrees = 21 }),
            new FunctionCallContent("c2", "inner") { InformationalOnly = true }, new FunctionResultContent("c2", "Error: Function failed.") { Exception = new TimeoutException("secret") },
            new TextContent("Warm."),
        ]);

        var run = await AgentHarness.RunAsync(new ChatAgentRunner(model, []), "How warm is it?");

        Assert.Equal(["start", "action", "observation", "action", "observation", "output", "usage", "end"], run.Events.Select(static one => one.Type));
        Assert.Equal(("inner", false, """{"city":"Paris"}"""), (run.Events[1].ToolName, run.Events[1].IsForCaller, run.Events[1].Input?.GetRawText()));
        Assert.Equal(("c1", false, """{"degrees":21}"""), (run.Events[2].ToolCallId, run.Events[2].IsError, run.Events[2].Content));
        Assert.Equal(("c2", true, "Error: Function failed."), (run.Events[4].ToolCallId, run.Events[4].IsError, run.Events[4].Content));
    }

    [Fact]
    public async Task A_failed_result_of_a_tool_of_the_caller_reaches_the_model_as_an_error()
    {
        var model = new ScriptedModel([new TextContent("Sorry.")]);

        await AgentHarness.RunAsync(new ChatAgentRunner(model, []), "", new()
        {
            Conversation =
            [
                new("user", [new TextPart("Look")]), new("assistant", [new ToolCallPart("c1", "look", "{}")]),
                new("tool", [new ToolResultPart("c1", [new TextPart("It is dark.")]) { IsError = true }]), new("user", [new TextPart("And?")]),
            ],
        });

        var result = Assert.Single(Assert.Single(model.Requests).Messages.SelectMany(static message => message.Contents).OfType<FunctionResultContent>());
        Assert.Equal(("It is dark.", true), (result.Result, result.Exception is not null));
    }

    [Theory]
    [InlineData("max_tokens", "length")]
    [InlineData("end_turn", "stop")]
    [InlineData("refusal", "content_filter")]
    [InlineData("own_word", "own_word")]
    public async Task A_finish_reason_is_named_as_events_name_it(string reason, string expected)
    {
        var run = await AgentHarness.RunAsync(new ChatAgentRunner(new ScriptedModel([new TextContent("x")]) { FinishReason = new(reason) }, []), "hi");

        Assert.Equal(expected, run.FinishReason);
    }

    [Fact]
    public async Task A_finish_reason_that_is_a_failure_fails_the_task()
    {
        var run = await AgentHarness.RunAsync(new ChatAgentRunner(new ScriptedModel([new TextContent("x")]) { FinishReason = new("error") }, []), "hi");

        Assert.Equal("model_failed", run.Error?.Code);
    }

    [Fact]
    public async Task An_error_in_the_answer_of_the_model_fails_the_task()
    {
        await using var host = await StartAsync(new ScriptedModel([new TextContent("half"), new ErrorContent(ScriptedModel.Secret)]));

        var answer = await AskAsync(host, Question());

        Assert.Equal("model_failed", answer.GetProperty("error").GetProperty("code").GetString());
        Assert.DoesNotContain(ScriptedModel.Secret, answer.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_of_the_model_is_reported_without_its_text()
    {
        await using var host = await StartAsync(new ScriptedModel());

        var answer = await AskAsync(host, Question());

        Assert.Equal("model_failed", answer.GetProperty("error").GetProperty("code").GetString());
        Assert.DoesNotContain(ScriptedModel.Secret, answer.GetRawText(), StringComparison.Ordinal);
    }

    private static Task<HostApp> StartAsync(IChatClient model, params AIFunction[] functions) =>
        HostApp.StartAsync(new HostAppParts { Services = services => services.AddChatAgent("weather", model, functions) });

    private static object Question(params object[] tools) => new { model = "weather", tools, messages = new[] { new { role = "user", content = "How warm is it?" } } };

    private static async Task<JsonElement> AskAsync(HostApp host, object request)
    {
        using var response = await host.Client.PostAsJsonAsync("/v1/chat/completions", request);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static UsageContent Tokens(long input, long output) => new(new() { InputTokenCount = input, OutputTokenCount = output });
}
