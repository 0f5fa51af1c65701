using System.ClientModel;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;

namespace StreamRelay.Server.Protocols;

/// <summary>Chat Completions over HTTP and through the official .NET client.</summary>
public sealed class ChatTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly RelayApp _app = fixture.App;

    [Fact]
    public async Task A_streamed_and_a_plain_answer_have_the_same_content()
    {
        using var plain = await _app.PostAsync("/v1/chat/completions", RelayApp.Chat("count 3 0", stream: false));
        Assert.Equal("application/json", plain.Content.Headers.ContentType?.MediaType);
        var answer = await plain.Content.ReadFromJsonAsync<JsonElement>();
        var id = plain.Headers.GetValues("X-Task-Id").Single();
        var chunks = SseText.Frames(await _app.ReadAsync(id, "?protocol=openai-chat")).Select(SseText.Data).ToList();
        Assert.Equal("[DONE]", chunks[^1]);
        var first = JsonElement.Parse(chunks[0]);
        foreach (var name in (string[])["id", "created", "model", "system_fingerprint"])
            Assert.Equal(first.GetProperty(name).ToString(), answer.GetProperty(name).ToString());

        Assert.Equal("t1 t2 t3 ", answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal(3, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task The_official_client_streams_text_and_usage()
    {
        var text = "";
        ChatTokenUsage? usage = null;
        ChatFinishReason? finish = null;
        await foreach (var update in Client().CompleteChatStreamingAsync([new UserChatMessage("count 100 0")]))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            usage = update.Usage ?? usage;
            finish = update.FinishReason ?? finish;
        }

        Assert.Equal(string.Concat(Enumerable.Range(1, 100).Select(number => $"t{number} ")), text);
        Assert.Equal(ChatFinishReason.Stop, finish);
        Assert.Equal(100, usage?.OutputTokenCount);
    }

    [Fact]
    public async Task The_official_client_gets_a_plain_answer_and_tool_calls_of_the_caller()
    {
        var plain = (await Client().CompleteChatAsync([new UserChatMessage("count 2 0")])).Value;
        Assert.Equal("t1 t2 ", plain.Content[0].Text);

        var call = Assert.Single((await Client().CompleteChatAsync([new UserChatMessage("call 5 0")])).Value.ToolCalls);
        Assert.Equal(("get_weather", "{\"city\":\"Paris\"}"), (call.FunctionName, call.FunctionArguments.ToString()));

        var arguments = "";
        await foreach (var update in Client().CompleteChatStreamingAsync([new UserChatMessage("call 5 0")]))
        {
            foreach (var piece in update.ToolCallUpdates)
                arguments += piece.FunctionArgumentsUpdate;
            if (update.FinishReason is { } reason)
                Assert.Equal(ChatFinishReason.ToolCalls, reason);
        }

        Assert.Equal("{\"city\":\"Paris\"}", arguments);
    }

    [Fact]
    public async Task The_official_client_raises_a_failure_however_late_it_comes()
    {
        var plain = await Assert.ThrowsAsync<ClientResultException>(() => Client().CompleteChatAsync([new UserChatMessage("fail 2 0")]));
        Assert.Equal(424, plain.Status);
        var text = "";
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (var update in Client().CompleteChatStreamingAsync([new UserChatMessage("fail 200 0")]))
                text += string.Concat(update.ContentUpdate.Select(part => part.Text));
        });
        Assert.EndsWith("t200 ", text);
    }

    [Fact]
    public async Task The_official_client_lists_the_agents_as_models()
    {
        var models = new OpenAIClient(new ApiKeyCredential("none"), Options()).GetOpenAIModelClient();
        Assert.Equal(["probe", "write_tutorial"], (await models.GetModelsAsync()).Value.Select(model => model.Id));
        Assert.Equal("probe", (await models.GetModelAsync("probe")).Value.Id);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => models.GetModelAsync("nobody"))).Status);
    }

    [Theory]
    [InlineData("{", 400, null, "invalid_json")]
    [InlineData("[]", 400, null, "invalid_json")]
    [InlineData("{}", 400, "messages", "missing_field")]
    [InlineData("""{"model":"probe","messages":[]}""", 400, "messages", "no_user_message")]
    [InlineData("""{"model":"probe","messages":"hi"}""", 400, "messages", "invalid_type")]
    [InlineData("""{"model":"probe","messages":[1]}""", 400, "messages[0]", "invalid_type")]
    [InlineData("""{"model":"probe","messages":[{"role":"robot","content":"x"}]}""", 400, "messages[0].role", "invalid_type")]
    [InlineData("""{"model":"probe","messages":[{"role":"user","content":7}]}""", 400, "messages[0].content", "invalid_type")]
    [InlineData("""{"model":"probe","messages":[{"role":"user","content":[{"type":"text","text":7}]}]}""", 400, "messages[0].content[0].text", "invalid_type")]
    [InlineData("""{"model":"probe","messages":[{"role":"system","content":"x"}]}""", 400, "messages", "no_user_message")]
    [InlineData("""{"model":"probe","messages":[{"role":"user","content":null}]}""", 400, "messages", "no_user_message")]
    [InlineData("""{"model":"probe","messages":[{"role":"user","content":"\ud800"}]}""", 400, "messages", "invalid_text")]
    [InlineData("""{"model":7,"messages":[{"role":"user","content":"x"}]}""", 400, "model", "invalid_type")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", 400, "model", "missing_field")]
    [InlineData("""{"model":"nobody","messages":[{"role":"user","content":"x"}]}""", 404, "model", "model_not_found")]
    [InlineData("""{"model":"probe","n":2,"messages":[{"role":"user","content":"x"}]}""", 400, "n", "unsupported_value")]
    [InlineData("""{"model":"probe","stream":"yes","messages":[{"role":"user","content":"x"}]}""", 400, "stream", "invalid_type")]
    [InlineData("""{"model":"probe","stream_options":[],"messages":[{"role":"user","content":"x"}]}""", 400, "stream_options", "invalid_type")]
    public async Task A_wrong_request_names_the_field_and_starts_nothing(string body, int status, string? param, string code)
    {
        var before = await CountAsync();
        using var answer = await _app.PostAsync("/v1/chat/completions", body);
        Assert.Equal(status, (int)answer.StatusCode);
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal((param, code, "invalid_request_error"), (error.GetProperty("param").GetString(), error.GetProperty("code").GetString(), error.GetProperty("type").GetString()));
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task A_body_too_large_or_too_deep_is_refused()
    {
        using var large = await _app.PostAsync("/v1/chat/completions", RelayApp.Chat(new string('x', 5_000_000)), HttpCompletionOption.ResponseContentRead);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Equal("body_too_large", (await large.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString());
        using var deep = await _app.PostAsync("/v1/chat/completions", new string('[', 100_000));
        Assert.Equal(HttpStatusCode.BadRequest, deep.StatusCode);
        using var nested = await _app.PostAsync("/v1/chat/completions", string.Concat(Enumerable.Repeat("{\"a\":", 100_000)));
        Assert.Equal(HttpStatusCode.BadRequest, nested.StatusCode);
    }

    [Fact]
    public async Task The_topic_may_come_in_parts_and_content_may_be_null_elsewhere()
    {
        using var answer = await _app.PostAsync("/v1/chat/completions",
            """{"model":"probe","messages":[{"role":"assistant","content":null,"tool_calls":[]},{"role":"user","content":[{"type":"text","text":"count "},{"type":"image_url","image_url":{"url":"x"}},{"type":"text","text":"2 0"}]}],"unknown_field":{"a":[1]}}""");
        Assert.Equal("t1 t2 ", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    [Fact]
    public async Task A_failed_task_is_424_with_its_code_and_no_retry()
    {
        using var answer = await _app.PostAsync("/v1/chat/completions", RelayApp.Chat("fail 1 0", stream: false));
        Assert.Equal(424, (int)answer.StatusCode);
        Assert.Equal("false", answer.Headers.GetValues("x-should-retry").Single());
        Assert.Equal("probe_failed", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_unknown_route_answers_in_the_one_error_shape()
    {
        using var answer = await _app.Client.GetAsync("/v1/nothing");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("/v1/nothing", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("message").GetString());
    }

    private async Task<int> CountAsync() => (await _app.Client.GetFromJsonAsync<JsonElement>("/v1/tasks?limit=1000")).GetProperty("data").GetArrayLength();

    private ChatClient Client() => new("probe", new ApiKeyCredential("none"), Options());

    private OpenAIClientOptions Options() => new() { Endpoint = new(_app.Address, "/v1") };
}
