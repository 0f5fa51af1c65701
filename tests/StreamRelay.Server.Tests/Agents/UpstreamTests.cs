using System.ClientModel;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenAI;
using OpenAI.Chat;
using StreamRelay.Agents;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Agents;

/// <summary>Agents of the type <c>upstream</c>.</summary>
public sealed class UpstreamTests
{
    private const string Hello = "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hel\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo\"}}]}\n\n";
    private const string Finish = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

    [Theory]
    [InlineData("count 200 0")]
    [InlineData("call 7 0")]
    [InlineData("reason 20 0")]
    [InlineData("tool 5 0")]
    public async Task A_relay_behind_a_relay_streams_the_same_content(string input)
    {
        using var upstream = new RelayApp();
        using var app = App($"{upstream.Address}v1", "probe");
        var plain = Strip(await AskAsync(upstream, RelayApp.Chat(input, extra: ""","stream_options":{"include_usage":true}""")));
        var relayed = Strip(await AskAsync(app, RelayApp.Chat(input, extra: ""","stream_options":{"include_usage":true}""").Replace("\"probe\"", "\"relayed\"")));
        Assert.Equal(plain, relayed);
    }

    [Fact]
    public async Task The_official_client_gets_exact_text_and_tool_calls()
    {
        using var upstream = new RelayApp();
        using var app = App($"{upstream.Address}v1", "probe");
        var client = new ChatClient("relayed", new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new(app.Address, "/v1") });
        Assert.Equal("t1 t2 t3 ", (await client.CompleteChatAsync([new UserChatMessage("count 3 0")])).Value.Content[0].Text);
        var call = Assert.Single((await client.CompleteChatAsync([new UserChatMessage("call 5 0")])).Value.ToolCalls);
        Assert.Equal(("call_1", "get_weather", "{\"city\":\"Paris\"}"), (call.Id, call.FunctionName, call.FunctionArguments.ToString()));
    }

    [Fact]
    public async Task A_client_cut_and_resumed_has_the_answer_once_and_the_model_was_asked_once()
    {
        await using var model = await ModelServer.StartAsync("paced");
        using var app = App($"{model.Address}v1");
        var id = await app.StartAsync("Write the chapter: One", "relayed");
        var whole = SseText.Frames(await app.ReadAsync(id, "?protocol=openai-chat"));
        for (var cut = 0; cut < whole.Count - 1; cut += 3)
            Assert.Equal(whole.Skip(cut + 1), SseText.Frames(await app.ReadAsync(id, "?protocol=openai-chat", SseText.Id(whole[cut]))));

        Assert.Equal(1, await model.CountAsync(app.Client));
    }

    [Theory]
    [InlineData("cut", "upstream_interrupted", true)]
    [InlineData("slow", "upstream_timeout", false)]
    [InlineData("malformed", "upstream_malformed", false)]
    [InlineData("dropped", "upstream_unavailable", false)]
    public async Task Each_fault_of_the_model_server_becomes_one_error_code(string fault, string code, bool keepsText)
    {
        await using var model = await ModelServer.StartAsync(fault);
        using var app = fault == "slow" ? WithShortTimeouts($"{model.Address}v1") : App($"{model.Address}v1");
        var id = await app.StartAsync("Write the chapter: One", "relayed");
        Assert.Equal(code, (await app.TaskAsync(id)).GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(keepsText, (await app.ReadAsync(id)).Contains("A paragra"));
    }

    [Fact]
    public async Task A_transient_error_is_retried_and_a_lasting_one_fails_the_task()
    {
        await using var once = await FaultyUpstream.StartAsync(async (context, request) =>
        {
            context.Response.StatusCode = request == 1 ? 429 : 200;
            if (request > 1)
                await context.Response.WriteAsync(Hello + Finish);
        });
        using var app = App(once.BaseUrl);
        Assert.Equal("completed", (await app.TaskAsync(await app.StartAsync("x", "relayed"))).GetProperty("status").GetString());
        Assert.Equal(2, once.Requests);

        await using var never = await FaultyUpstream.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        using var other = App(never.BaseUrl);
        Assert.Equal(("upstream_unavailable", "The upstream server keeps answering with status 503."), await ErrorAsync(other));
        Assert.Equal(3, never.Requests);
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"Too long."}}""", "The upstream server refused the request with status 400: Too long.")]
    [InlineData(404, "no json", "The upstream server refused the request with status 404.")]
    [InlineData(401, """{"error":{"message":"Wrong key sk-12***."}}""", "The upstream server refused the request with status 401.")]
    public async Task A_refusal_is_passed_on_with_its_reason_but_without_text_about_keys(int status, string body, string message)
    {
        await using var upstream = await FaultyUpstream.StartAsync(async (context, _) =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(body);
        });
        using var app = App(upstream.BaseUrl);
        Assert.Equal(("upstream_rejected", message), await ErrorAsync(app));
        Assert.Equal(1, upstream.Requests);
    }

    [Theory]
    [InlineData(Hello + "data: {\"error\":{\"message\":\"Out of luck.\",\"code\":\"out_of_luck\"}}\n\n", "out_of_luck")]
    [InlineData(Hello + "data: {\"error\":\"Out of luck.\"}\n\n", "upstream_failed")]
    [InlineData(Hello + "data: {broken\n\n", "upstream_malformed")]
    [InlineData(Hello + "data: {\"choices\":7}\n\n", "upstream_malformed")]
    [InlineData(Hello + "data: [DONE]\n\n", "upstream_interrupted")]
    [InlineData(Hello, "upstream_interrupted")]
    public async Task A_fault_during_the_answer_keeps_the_text_so_far_and_is_not_retried(string frames, string code)
    {
        await using var upstream = await FaultyUpstream.StartAsync(frames);
        using var app = App(upstream.BaseUrl);
        var id = await app.StartAsync("x", "relayed");
        var task = await app.TaskAsync(id);
        Assert.Equal(code, task.GetProperty("error").GetProperty("code").GetString());
        Assert.True(task.GetProperty("usage").GetProperty("completion_tokens").GetInt32() > 0);
        Assert.Contains("\"content\":\"lo\"", await app.ReadAsync(id));
        Assert.Equal(1, upstream.Requests);
    }

    [Fact]
    public async Task A_surrogate_pair_split_over_two_chunks_is_joined_and_missing_usage_is_estimated()
    {
        await using var upstream = await FaultyUpstream.StartAsync("""
            data: {"choices":[{"index":0,"delta":{"content":"a\"\\\u0041\ud83d"}}]}

            data: {"choices":[{"index":0,"delta":{"content":"\ude00b"}}]}

            data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{\"a\":\"\ud83d"}}]}}]}

            data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\ude00\"}"}}]}}]}

            data: {"choices":[],"usage":{"prompt_tokens":5,"total_tokens":5}}

            data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

            data: [DONE]


            """);
        using var app = App(upstream.BaseUrl);
        using var answer = await app.PostAsync("/v1/chat/completions", """{"model":"relayed","messages":[{"role":"user","content":"x"}]}""");
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var message = json.GetProperty("choices")[0].GetProperty("message");
        Assert.Equal("a\"\\A😀b", message.GetProperty("content").GetString());
        Assert.Equal("""{"a":"😀"}""", message.GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
        Assert.True(json.GetProperty("usage").GetProperty("completion_tokens").GetInt32() > 0);
    }

    [Fact]
    public async Task A_stall_and_a_reset_have_different_codes_and_a_stop_closes_the_upstream_request()
    {
        await using var stalls = await FaultyUpstream.StartAsync(Hello, context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using (var app = WithShortTimeouts(stalls.BaseUrl))
            Assert.Equal(("upstream_timeout", "The upstream server sent nothing more for 1 s."), await ErrorAsync(app));

        // A reset discards data that has arrived but was not read yet.
        var outputRead = new TaskCompletionSource();
        await using var resets = await FaultyUpstream.StartAsync(Hello, async context =>
        {
            await outputRead.Task;
            context.Abort();
        });
        using (var app = App(resets.BaseUrl))
        {
            var id = await app.StartAsync("x", "relayed");
            using var stream = new LiveStream("native", await app.Client.GetAsync($"/v1/tasks/{id}/events", HttpCompletionOption.ResponseHeadersRead));
            await stream.ReadUntilAsync("\"output\"");
            outputRead.SetResult();
            Assert.Equal("upstream_interrupted", (await app.TaskAsync(id)).GetProperty("error").GetProperty("code").GetString());
        }

        var left = new TaskCompletionSource();
        await using var waits = await FaultyUpstream.StartAsync(Hello, async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            left.SetResult();
        });
        using (var app = App(waits.BaseUrl))
        {
            var id = await app.StartAsync("x", "relayed");
            using var stopped = await app.PostAsync($"/v1/tasks/{id}/stop", "");
            Assert.Equal("stopped", (await stopped.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString());
            if (waits.Requests > 0)
                await left.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    [Theory]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_gives_the_prompt_to_nobody(int status)
    {
        await using var elsewhere = await FaultyUpstream.StartAsync("");
        await using var upstream = await FaultyUpstream.StartAsync((context, _) =>
        {
            (context.Response.StatusCode, context.Response.Headers.Location) = (status, $"{elsewhere.BaseUrl}/chat/completions");
            return Task.CompletedTask;
        });
        using var app = App(upstream.BaseUrl);
        Assert.Equal("upstream_rejected", (await ErrorAsync(app)).Code);
        Assert.Equal(0, elsewhere.Requests);
    }

    [Fact]
    public async Task A_closed_port_is_reported_as_upstream_unavailable()
    {
        using var app = App($"http://127.0.0.1:{Loopback.FreePort()}/v1");
        Assert.Equal("upstream_unavailable", (await ErrorAsync(app)).Code);
    }

    [Theory]
    [InlineData("BaseUrl", "ftp://x")]
    [InlineData("BaseUrl", "http://x/v1?api-version=1")]
    [InlineData("Model", "")]
    [InlineData("Api", "7")]
    [InlineData("MaxTokens", "0")]
    [InlineData("ApiKeyHeader", "two words")]
    [InlineData("Headers:Content-Type", "text/plain")]
    [InlineData("Headers:Host", "elsewhere.example")]
    [InlineData("Headers:x-y", "two\nlines")]
    public void A_wrong_setting_stops_the_start_and_is_named(string key, string value)
    {
        var settings = Settings("http://127.0.0.1:1/v1", "m");
        settings[$"StreamRelay:Agents:relayed:{key}"] = value;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddBuiltInAgents(configuration).BuildServiceProvider();
        var mistake = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);
        Assert.Contains($"StreamRelay:Agents:relayed:{key}", mistake.Message);
    }

    private static RelayApp App(string baseUrl, string model = "m") => new(Settings(baseUrl, model));

    private static RelayApp WithShortTimeouts(string baseUrl) => new(new Dictionary<string, string?>(Settings(baseUrl, "m"))
    {
        ["StreamRelay:Agents:relayed:FirstTokenTimeout"] = "00:00:02",
        ["StreamRelay:Agents:relayed:TokenTimeout"] = "00:00:01",
    });

    private static Dictionary<string, string?> Settings(string baseUrl, string model) => new()
    {
        ["StreamRelay:Agents:relayed:Type"] = "upstream",
        ["StreamRelay:Agents:relayed:BaseUrl"] = baseUrl,
        ["StreamRelay:Agents:relayed:Model"] = model,
        ["StreamRelay:Agents:relayed:MaxRetries"] = "2",
        ["StreamRelay:Agents:relayed:RetryDelay"] = "00:00:00.001",
    };

    private static async Task<(string? Code, string? Message)> ErrorAsync(RelayApp app)
    {
        var error = (await app.TaskAsync(await app.StartAsync("x", "relayed"))).GetProperty("error");
        return (error.GetProperty("code").GetString(), error.GetProperty("message").GetString());
    }

    private static async Task<string> AskAsync(RelayApp app, string body)
    {
        using var answer = await app.PostAsync("/v1/chat/completions", body);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>The deltas, finish reasons and usage of a stream, without the ids that differ between two tasks.</summary>
    private static IReadOnlyList<string> Strip(string stream) => [.. SseText.Frames(stream).Select(SseText.Data).Where(data => data != "[DONE]").Select(data => JsonElement.Parse(data))
        .Select(chunk => chunk.GetProperty("choices") + (chunk.TryGetProperty("usage", out var usage) ? usage.ToString() : ""))];
}
