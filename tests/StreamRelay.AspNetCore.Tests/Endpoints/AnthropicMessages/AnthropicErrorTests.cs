using System.Net.Http.Json;
using System.Text.Json;
using StreamRelay.AspNetCore.Access;

namespace StreamRelay.AspNetCore.Endpoints.AnthropicMessages;

/// <summary>Every refusal has the form, the type and the headers that clients of the Anthropic API read.</summary>
public sealed class AnthropicErrorTests
{
    private static readonly string[] Routes = ["/v1/messages", "/v1/messages/count_tokens"];

    private readonly (string Key, string Hash) _key = ApiKey.Create();

    [Theory]
    [InlineData("x-api-key")]
    [InlineData("api-key")]
    public async Task A_key_is_taken_from_its_header_and_a_wrong_one_is_an_authentication_error(string header)
    {
        await using var host = await HostApp.StartAsync(Keys());
        foreach (var route in Routes)
        {
            using var served = await SendAsync(host, route, Body("echo"), (header, _key.Key), ("anthropic-version", "2023-06-01"), ("anthropic-beta", "a,b"));
            using var wrong = await SendAsync(host, route, Body("echo"), (header, ApiKey.Create().Key));
            using var none = await SendAsync(host, route, Body("echo"));

            Assert.True(served.IsSuccessStatusCode, await served.Content.ReadAsStringAsync());
            await AssertErrorAsync(wrong, 401, "authentication_error", "invalid_api_key");
            await AssertErrorAsync(none, 401, "authentication_error", "invalid_api_key");
        }
    }

    [Fact]
    public async Task A_bearer_token_wins_over_a_key_in_another_header()
    {
        await using var host = await HostApp.StartAsync(Keys());
        using var served = await SendAsync(host, Routes[0], Body("echo"), ("Authorization", $"Bearer {_key.Key}"), ("x-api-key", "wrong"));
        using var refused = await SendAsync(host, Routes[0], Body("echo"), ("Authorization", "Bearer wrong"), ("x-api-key", _key.Key));
        Assert.True(served.IsSuccessStatusCode);
        await AssertErrorAsync(refused, 401, "authentication_error", "invalid_api_key");
    }

    [Fact]
    public async Task A_key_without_the_scope_is_a_permission_error()
    {
        await using var host = await HostApp.StartAsync([.. Keys(), ("StreamRelay:Auth:Keys:0:Scopes:0", "read")]);
        foreach (var route in Routes)
        {
            using var refused = await SendAsync(host, route, Body("echo"), ("x-api-key", _key.Key));
            await AssertErrorAsync(refused, 403, "permission_error", "insufficient_scope");
        }
    }

    [Fact]
    public async Task What_is_wrong_with_a_request_is_named()
    {
        await using var host = await HostApp.StartAsync(("StreamRelay:Limits:BodyBytes", "1024"));
        foreach (var route in Routes)
        {
            using var malformed = await SendAsync(host, route, "{");
            using var field = await SendAsync(host, route, """{"model":"echo","messages":1}""");
            using var missing = await SendAsync(host, route, Body("nobody"));
            using var large = await SendAsync(host, route, Body("echo", new string('x', 2000)));

            await AssertErrorAsync(malformed, 400, "invalid_request_error", "invalid_json");
            Assert.Equal("messages", (await AssertErrorAsync(field, 400, "invalid_request_error", "invalid_type")).GetProperty("param").GetString());
            Assert.Contains("echo", (await AssertErrorAsync(missing, 404, "not_found_error", "model_not_found")).GetProperty("message").GetString(), StringComparison.Ordinal);
            await AssertErrorAsync(large, 413, "request_too_large", "body_too_large");
        }
    }

    [Fact]
    public async Task Too_many_requests_are_a_rate_limit_error_that_says_when_to_try_again()
    {
        await using var host = await HostApp.StartAsync([.. Keys(), ("StreamRelay:Limits:RequestsPerMinutePerKey", "1")]);
        using var first = await SendAsync(host, Routes[1], Body("echo"), ("x-api-key", _key.Key));
        using var second = await SendAsync(host, Routes[1], Body("echo"), ("x-api-key", _key.Key));
        await AssertErrorAsync(second, 429, "rate_limit_error", "rate_limit_exceeded");
        Assert.NotNull(second.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_server_that_cannot_serve_now_is_overloaded()
    {
        await using var host = await HostApp.StartAsync(("StreamRelay:Streams:MemoryBytes", "100000"));
        using var refused = await SendAsync(host, Routes[0], Body("echo", new string('x', 200_000)));
        await AssertErrorAsync(refused, 529, "overloaded_error", "memory_budget");
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_task_that_fails_is_an_error_that_clients_do_not_retry()
    {
        await using var host = await HostApp.StartAsync();
        using var failed = await SendAsync(host, Routes[0], Body("probe", "fail 1 0"));
        await AssertErrorAsync(failed, 424, "api_error", "probe_failed");
        Assert.Equal("false", Assert.Single(failed.Headers.GetValues("x-should-retry")));
    }

    [Fact]
    public async Task The_number_of_tokens_is_estimated_without_a_task()
    {
        await using var host = await HostApp.StartAsync();
        using var text = await SendAsync(host, Routes[1], """{"model":"echo","system":"1234","messages":[{"role":"user","content":"12345678"}]}""");
        using var image = await SendAsync(host, Routes[1], """{"model":"echo","messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://x"}}]}]}""");
        using var tool = await SendAsync(host, Routes[1], """{"model":"echo","tools":[{"name":"f","input_schema":{}}],"messages":[{"role":"user","content":"1"}]}""");
        Assert.Equal("""{"input_tokens":3}""", await text.Content.ReadAsStringAsync());
        Assert.Equal("""{"input_tokens":1600}""", await image.Content.ReadAsStringAsync());
        Assert.Equal("""{"input_tokens":9}""", await tool.Content.ReadAsStringAsync());
        using var tasks = await host.GetAsync("/v1/tasks");
        Assert.Empty((await tasks.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").EnumerateArray());
    }

    private static string Body(string model, string text = "hi") => $$"""{"model":"{{model}}","max_tokens":9,"messages":[{"role":"user","content":"{{text}}"}]}""";

    private static Task<HttpResponseMessage> SendAsync(HostApp host, string route, string body, params (string Name, string Value)[] headers) =>
        host.SendAsync(HttpMethod.Post, route, null, new StringContent(body, System.Text.Encoding.UTF8, "application/json"), headers);

    private static async Task<JsonElement> AssertErrorAsync(HttpResponseMessage answer, int status, string type, string code)
    {
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(["type", "error", "request_id"], body.EnumerateObject().Select(field => field.Name));
        var error = body.GetProperty("error");
        Assert.Equal((status, "error", type, code), ((int)answer.StatusCode, body.GetProperty("type").GetString(), error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
        Assert.NotEqual("", error.GetProperty("message").GetString());
        Assert.Equal(body.GetProperty("request_id").GetString(), Assert.Single(answer.Headers.GetValues("request-id")));
        return error;
    }

    private (string Name, string Value)[] Keys() => [("StreamRelay:Auth:Keys:0:Owner", "ann"), ("StreamRelay:Auth:Keys:0:Hash", _key.Hash)];
}
