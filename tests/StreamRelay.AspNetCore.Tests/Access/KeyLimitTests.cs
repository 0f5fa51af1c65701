using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Access;

/// <summary>The scopes and the agents of a key, on the whole API.</summary>
public class KeyLimitTests
{
    private static readonly (string Key, string Hash) Full = ApiKey.Create();
    private static readonly (string Key, string Hash) Limited = ApiKey.Create();

    [Theory]
    [InlineData("start", "POST /v1/tasks", HttpStatusCode.Created)]
    [InlineData("start", "POST /v1/tasks/{id}/stop", HttpStatusCode.OK)]
    [InlineData("start", "GET /v1/tasks/{id}", HttpStatusCode.Forbidden)]
    [InlineData("start", "POST /v1/tasks/{id}/events", HttpStatusCode.Forbidden)]
    [InlineData("read", "GET /v1/tasks", HttpStatusCode.OK)]
    [InlineData("read", "POST /v1/tasks", HttpStatusCode.Forbidden)]
    [InlineData("read", "DELETE /v1/tasks/{id}", HttpStatusCode.Forbidden)]
    [InlineData("read", "POST /v1/operations/o/complete", HttpStatusCode.Forbidden)]
    [InlineData("push", "POST /v1/tasks/{id}/events", HttpStatusCode.BadRequest)]
    [InlineData("push", "GET /v1/tasks/{id}/events", HttpStatusCode.Forbidden)]
    [InlineData("push", "POST /v1/tickets", HttpStatusCode.Forbidden)]
    [InlineData("admin", "DELETE /v1/tasks?older_than=1h", HttpStatusCode.OK)]
    [InlineData("admin", "GET /v1/tasks", HttpStatusCode.Forbidden)]
    [InlineData(null, "DELETE /v1/tasks?older_than=1h", HttpStatusCode.Forbidden)]
    [InlineData(null, "GET /v1/tasks/{id}", HttpStatusCode.OK)]
    public async Task A_key_does_what_its_scopes_allow(string? scope, string request, HttpStatusCode status)
    {
        await using var host = await StartAsync(scope is null ? [] : [("StreamRelay:Auth:Keys:1:Scopes:0", scope)]);
        var task = await host.TaskAsync(Full.Key);

        var (method, path) = (request.Split(' ')[0], request.Split(' ')[1].Replace("{id}", task, StringComparison.Ordinal));
        using var answer = await host.SendAsync(new(method), path, Limited.Key, method == "POST" ? JsonContent.Create(new { agent = "echo", input = "hello" }) : null);

        Assert.Equal(status, answer.StatusCode);
        if (status == HttpStatusCode.Forbidden)
            Assert.Equal("insufficient_scope", await answer.CodeAsync());
    }

    [Theory]
    [InlineData("GET /v1/tasks/{id}")]
    [InlineData("GET /v1/tasks/{id}/events")]
    [InlineData("GET /v1/events?task={id}")]
    [InlineData("GET /v1/tasks/{id}/files")]
    [InlineData("GET /v1/responses/resp_{id}")]
    [InlineData("POST /v1/tasks/{id}/events")]
    [InlineData("POST /v1/tasks/{id}/stop")]
    [InlineData("DELETE /v1/tasks/{id}")]
    public async Task A_key_of_an_agent_gets_a_404_for_the_tasks_of_other_agents(string request)
    {
        await using var host = await StartAsync(("StreamRelay:Auth:Keys:1:Agents:0", "probe"));
        var task = await host.TaskAsync(Full.Key);

        var (method, path) = (request.Split(' ')[0], request.Split(' ')[1].Replace("{id}", task, StringComparison.Ordinal));
        using var answer = await host.SendAsync(new(method), path, Limited.Key, method == "POST" ? JsonContent.Create(new { event_type = "output", content = "x" }) : null);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Lists_conversations_and_clean_ups_of_a_key_have_the_tasks_of_its_agents_only()
    {
        await using var host = await StartAsync(("StreamRelay:Auth:Keys:1:Agents:0", "probe"), ("StreamRelay:Auth:Keys:1:Scopes:0", "read"),
            ("StreamRelay:Auth:Keys:1:Scopes:1", "start"), ("StreamRelay:Auth:Keys:1:Scopes:2", "admin"));
        var hidden = await StartAsync(host, Full.Key, "echo");
        var seen = await StartAsync(host, Full.Key, "probe");

        Assert.Equal([seen], await ListAsync(host, Limited.Key));
        using var chat = await host.GetAsync("/api/chat/chat-1/stream", Limited.Key);
        Assert.Equal(seen, chat.Headers.GetValues("X-Task-Id").Single());
        using var deleted = await host.SendAsync(HttpMethod.Delete, "/v1/tasks?older_than=0s", Limited.Key);
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Equal([hidden], await ListAsync(host, Full.Key));
    }

    [Theory]
    [InlineData("StreamRelay:Auth:Keys:1:Agents:0", "ecoh", "StreamRelay:Auth:Keys:1:Agents:0 is 'ecoh', and there is no such agent; did you mean echo?")]
    [InlineData("StreamRelay:Auth:Keys:1:Scopes:0", "write", "StreamRelay:Auth:Keys:1:Scopes holds 'write', which is not a scope; there are: start, read, push, admin")]
    [InlineData("StreamRelay:Auth:Keys:1:Scopes", "read", "StreamRelay:Auth:Keys:1:Scopes must be a list")]
    public async Task An_unknown_agent_or_scope_stops_the_start_and_is_named(string name, string value, string message)
    {
        var thrown = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync((name, value)));

        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }

    /// <summary>Two keys of one owner, the second with these settings.</summary>
    private static Task<HostApp> StartAsync(params (string Name, string Value)[] settings) => HostApp.StartAsync(
    [
        ("StreamRelay:Auth:Keys:0:Owner", "ada"), ("StreamRelay:Auth:Keys:0:Hash", Full.Hash),
        ("StreamRelay:Auth:Keys:1:Owner", "ada"), ("StreamRelay:Auth:Keys:1:Hash", Limited.Hash), .. settings,
    ]);

    /// <summary>Starts a task of the conversation <c>chat-1</c> and waits for its end.</summary>
    private static async Task<string> StartAsync(HostApp host, string key, string agent)
    {
        using var started = await host.SendAsync(HttpMethod.Post, "/v1/tasks", key, JsonContent.Create(new { agent, input = "count 1 0", session_id = "chat-1" }));
        var id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        using var ended = await host.GetAsync($"/v1/tasks/{id}?wait=30", key);
        return id;
    }

    private static async Task<IEnumerable<string?>> ListAsync(HostApp host, string key)
    {
        using var list = await host.GetAsync("/v1/tasks", key);
        return (await list.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").EnumerateArray().Select(task => task.GetProperty("id").GetString());
    }
}
