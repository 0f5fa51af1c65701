using System.Net;
using System.Text.Json;
using StreamRelay.TestSupport.Upstreams;

namespace StreamRelay.Server.Agents;

/// <summary>Agents of the type <c>upstream</c> with each API: where their requests go, and what they hold.</summary>
public sealed class UpstreamApiTests
{
    private const string Key = "the-configured-key";

    [Theory]
    [InlineData(UpstreamWire.Chat, "POST /v1/chat/completions HTTP/1.1", "authorization", "Bearer the-configured-key")]
    [InlineData(UpstreamWire.Responses, "POST /v1/responses HTTP/1.1", "authorization", "Bearer the-configured-key")]
    [InlineData(UpstreamWire.Messages, "POST /v1/messages HTTP/1.1", "x-api-key", Key)]
    public async Task Each_API_has_its_own_address_and_place_of_the_key(UpstreamWire wire, string target, string header, string value)
    {
        using var upstream = HostileUpstream.Start(Answer(wire));
        using var app = App(upstream, wire);

        await AssertCompletedAsync(app, await app.StartAsync("x", "relayed"));

        var call = Assert.Single(upstream.Calls);
        Assert.Equal((target, value), (call.Target, call.Headers[header]));
        Assert.Equal(wire == UpstreamWire.Messages ? "2023-06-01" : null, call.Headers.GetValueOrDefault("anthropic-version"));
        Assert.Equal("m", call.Json.GetProperty("model").GetString());
        Assert.True(call.Json.GetProperty("stream").GetBoolean());
    }

    [Fact]
    public async Task A_server_of_Azure_gets_its_key_its_version_and_further_headers_and_values()
    {
        using var upstream = HostileUpstream.Start(Answer(UpstreamWire.Chat));
        using var app = App(upstream, UpstreamWire.Chat, new()
        {
            ["BaseUrl"] = upstream.BaseUrl.Replace("/v1", "/openai/deployments/gpt", StringComparison.Ordinal),
            ["ApiKeyHeader"] = "api-key",
            ["Query:api-version"] = "2026-10-01 preview",
            ["Query:tenant"] = "a&b",
            ["Headers:x-team"] = "blue",
        });

        await AssertCompletedAsync(app, await app.StartAsync("x", "relayed"));

        var call = Assert.Single(upstream.Calls);
        Assert.Equal("POST /openai/deployments/gpt/chat/completions?api-version=2026-10-01%20preview&tenant=a%26b HTTP/1.1", call.Target);
        Assert.Equal((Key, "blue"), (call.Headers["api-key"], call.Headers["x-team"]));
        Assert.False(call.Headers.ContainsKey("authorization"));
    }

    [Theory]
    [InlineData(UpstreamWire.Chat)]
    [InlineData(UpstreamWire.Messages)]
    public async Task A_key_in_the_header_Authorization_is_a_bearer_token(UpstreamWire wire)
    {
        using var upstream = HostileUpstream.Start(Answer(wire));
        using var app = App(upstream, wire, new() { ["ApiKeyHeader"] = "Authorization" });

        await AssertCompletedAsync(app, await app.StartAsync("x", "relayed"));

        Assert.Equal($"Bearer {Key}", Assert.Single(upstream.Calls).Headers["authorization"]);
    }

    [Fact]
    public async Task A_configured_version_of_the_API_replaces_the_default_one()
    {
        using var upstream = HostileUpstream.Start(Answer(UpstreamWire.Messages));
        using var app = App(upstream, UpstreamWire.Messages, new() { ["Headers:anthropic-version"] = "2027-01-01", ["MaxTokens"] = "77" });

        await AssertCompletedAsync(app, await app.StartAsync("x", "relayed"));

        var call = Assert.Single(upstream.Calls);
        Assert.Equal(("2027-01-01", 77), (call.Headers["anthropic-version"], call.Json.GetProperty("max_tokens").GetInt32()));
    }

    [Fact]
    public async Task Configured_headers_and_values_are_not_shown_in_an_error_of_the_server()
    {
        using var upstream = HostileUpstream.Start(ScriptedAnswer.Json("""{"error":{"message":"No such-and-such or so-and-so-too here.","code":"no"}}"""));
        using var app = App(upstream, UpstreamWire.Chat, new() { ["Headers:x-team"] = "such-and-such", ["Query:team"] = "so-and-so-too" });

        var task = await app.TaskAsync(await app.StartAsync("x", "relayed"));

        Assert.Equal("No *** or *** here.", task.GetProperty("error").GetProperty("message").GetString());
    }

    [Theory]
    [InlineData(UpstreamWire.Responses)]
    [InlineData(UpstreamWire.Messages)]
    public async Task A_redirect_gives_the_prompt_and_the_key_to_nobody(UpstreamWire wire)
    {
        using var elsewhere = HostileUpstream.Start(Answer(wire));
        using var upstream = HostileUpstream.Start(new ScriptedAnswer($"HTTP/1.1 307 Temporary Redirect\r\nLocation: {elsewhere.BaseUrl}/messages", []));
        using var app = App(upstream, wire);

        Assert.Equal("failed", (await app.TaskAsync(await app.StartAsync("x", "relayed"))).GetProperty("status").GetString());
        Assert.Empty(elsewhere.Calls);
    }

    [Theory]
    [InlineData(UpstreamWire.Responses, "\"x\"", ""","seed":7""", "seed")]
    [InlineData(UpstreamWire.Messages, "\"x\"", ""","seed":7""", "seed")]
    [InlineData(UpstreamWire.Messages, """[{"type":"text","text":"x"},{"type":"input_audio","input_audio":{"data":"QQ==","format":"wav"}}]""", "", "messages[0].content[1]")]
    public async Task A_field_without_a_form_is_refused_by_name_or_left_out_and_named(UpstreamWire wire, string content, string extra, string field)
    {
        var body = $$"""{"model":"relayed","messages":[{"role":"user","content":{{content}}}]{{extra}}}""";
        using var upstream = HostileUpstream.Start(Answer(wire));
        using (var strict = App(upstream, wire))
        {
            using var refused = await strict.PostAsync("/v1/chat/completions", body);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            var error = JsonElement.Parse(await refused.Content.ReadAsStringAsync()).GetProperty("error");
            Assert.Equal((field, "untranslatable_field"), (error.GetProperty("param").GetString(), error.GetProperty("code").GetString()));
            Assert.Empty(upstream.Calls);
        }

        using var lenient = App(upstream, wire, [], "Lenient");
        using var answer = await lenient.PostAsync("/v1/chat/completions", body);
        Assert.Equal(field, answer.Headers.GetValues("X-StreamRelay-Dropped").Single());
        Assert.DoesNotContain("seed", Assert.Single(upstream.Calls).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UpstreamWire.Responses, "responses: encrypted reasoning", """
        {"type":"reasoning","summary":[],"encrypted_content":"Z0FB"}
        """)]
    [InlineData(UpstreamWire.Messages, "messages: signed reasoning", """
        {"type":"thinking","thinking":"hmm","signature":"c2ln"}
        """)]
    [InlineData(UpstreamWire.Messages, "messages: reasoning that is not shown", """
        {"type":"redacted_thinking","data":"Z0FB"}
        """)]
    public async Task Signed_reasoning_returns_to_the_server_with_the_next_turn_of_a_session(UpstreamWire wire, string dialect, string expected)
    {
        using var upstream = HostileUpstream.Start(Dialects.Find(dialect).Answer);
        using var app = App(upstream, wire);
        foreach (var input in (string[])["x", "y"])
        {
            using var started = await app.PostAsync("/v1/tasks", $$"""{"agent":"relayed","input":"{{input}}","session_id":"s"}""");
            await AssertCompletedAsync(app, JsonElement.Parse(await started.Content.ReadAsStringAsync()).GetProperty("id").GetString()!);
        }

        var second = upstream.Calls[1].Messages;
        var items = wire == UpstreamWire.Messages ? second[1].GetProperty("content") : second;
        Assert.Contains(items.EnumerateArray(), item => JsonElement.DeepEquals(JsonElement.Parse(expected), item));
    }

    private static ScriptedAnswer Answer(UpstreamWire wire) => Dialects.Find(wire == UpstreamWire.Chat ? "plain" : $"{wire.ToString().ToLowerInvariant()}: plain").Answer;

    private static RelayApp App(HostileUpstream upstream, UpstreamWire wire, Dictionary<string, string>? settings = null, string translation = "Strict")
    {
        var all = new Dictionary<string, string>
        {
            ["Type"] = "upstream",
            ["Api"] = wire.ToString().ToLowerInvariant(),
            ["BaseUrl"] = upstream.BaseUrl,
            ["ApiKey"] = Key,
            ["Model"] = "m",
        };
        foreach (var (key, value) in settings ?? [])
            all[key] = value;

        return new(all.ToDictionary(setting => $"StreamRelay:Agents:relayed:{setting.Key}", setting => (string?)setting.Value).Append(new("StreamRelay:Translation", translation)).ToDictionary());
    }

    private static async Task AssertCompletedAsync(RelayApp app, string id) => Assert.Equal("completed", (await app.TaskAsync(id)).GetProperty("status").GetString());
}
