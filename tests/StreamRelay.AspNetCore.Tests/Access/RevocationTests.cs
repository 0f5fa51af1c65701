using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StreamRelay.TestSupport;

namespace StreamRelay.AspNetCore.Access;

/// <summary>What a key has opened or issued ends with it, though its owner has another key.</summary>
public sealed class RevocationTests : IAsyncLifetime
{
    private static readonly (string Key, string Hash) Kept = ApiKey.Create();
    private static readonly (string Key, string Hash) Revoked = ApiKey.Create();

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private HostApp _host = null!;

    public async Task InitializeAsync() => _host = await HostApp.StartAsync(
        ("StreamRelay:Auth:Keys:0:Owner", "ada"), ("StreamRelay:Auth:Keys:0:Hash", Kept.Hash), ("StreamRelay:Auth:Keys:1:Owner", "ada"),
        ("StreamRelay:Auth:Keys:1:Hash", Revoked.Hash), ("StreamRelay:Agents:remote:Type", "push"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("GET", "/v1/tasks/{id}?wait=60")]
    [InlineData("POST", "/v1/chat/completions")]
    [InlineData("POST", "/v1/responses")]
    public async Task A_request_that_waits_is_answered_with_401(string method, string path)
    {
        var task = await StartAsync();
        var waiting = _host.SendAsync(new(method), path.Replace("{id}", task, StringComparison.Ordinal), Revoked.Key,
            method == "GET" ? null : JsonContent.Create(new { model = "remote", input = "hello", messages = new[] { new { role = "user", content = "hello" } } }));
        await WhenServedAsync(path, task);

        Revoke();

        using var answer = await waiting.WaitAsync(Deadline);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("invalid_api_key", await answer.CodeAsync());
    }

    [Theory]
    [InlineData("/v1/tasks/{id}/events")]
    [InlineData("/v1/tasks/{id}/events?protocol=ai-sdk")]
    [InlineData("/v1/events?task={id}")]
    public async Task A_stream_is_cut(string path)
    {
        var task = await StartAsync();
        using var request = Request(HttpMethod.Get, path.Replace("{id}", task, StringComparison.Ordinal));
        using var stream = await _host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Revoke();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => stream.Content.ReadAsStringAsync().WaitAsync(Deadline));
    }

    [Theory]
    [InlineData("/v1/tasks/{id}/events", "application/x-ndjson")]
    [InlineData("/v1/tasks", "application/json")]
    public async Task An_upload_that_has_not_ended_is_answered_with_401(string path, string type)
    {
        var task = await StartAsync();
        var address = _host.Client.BaseAddress!;
        const string line = """{"event_type":"output","content":"one"}""";
        var pushing = RawRequest.SendAsync(address, $"POST {path.Replace("{id}", task, StringComparison.Ordinal)} HTTP/1.1\r\nHost: {address.Authority}\r\n"
            + $"Authorization: Bearer {Revoked.Key}\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n{line.Length + 1:x}\r\n{line}\n\r\n", toEnd: false);
        await WhenServedAsync(path, task);

        Revoke();

        Assert.Equal(401, RawRequest.Status(await pushing));
    }

    [Fact]
    public async Task Tickets_and_their_cookies_open_nothing_more_and_the_streams_that_they_opened_are_cut()
    {
        var task = await StartAsync();
        using var issued = await _host.SendAsync(HttpMethod.Post, "/v1/tickets", Revoked.Key, JsonContent.Create(new { tasks = new[] { task } }));
        var url = $"/v1/tasks/{task}/events?ticket={(await issued.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ticket").GetString()}";
        using var stream = await _host.Client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        var cookie = stream.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

        Revoke();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => stream.Content.ReadAsStringAsync().WaitAsync(Deadline));
        using var ticket = await _host.GetAsync(url);
        using var reconnect = await _host.GetAsync(url, null, ("Cookie", cookie));
        using var kept = await _host.GetAsync($"/v1/tasks/{task}", Kept.Key);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK), (ticket.StatusCode, reconnect.StatusCode, kept.StatusCode));
    }

    [Fact]
    public async Task A_key_whose_rights_change_ends_its_streams_and_its_tickets_have_the_new_rights()
    {
        var task = await StartAsync();
        using var request = Request(HttpMethod.Get, $"/v1/tasks/{task}/events");
        using var stream = await _host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var issued = await _host.SendAsync(HttpMethod.Post, "/v1/tickets", Revoked.Key, JsonContent.Create(new { tasks = new[] { task } }));
        var ticket = (await issued.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ticket").GetString();

        Set("StreamRelay:Auth:Keys:1:Agents:0", "echo");

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => stream.Content.ReadAsStringAsync().WaitAsync(Deadline));
        using var read = await _host.GetAsync($"/v1/tasks/{task}/events?ticket={ticket}");
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path) => new(method, path) { Headers = { Authorization = new("Bearer", Revoked.Key) } };

    private void Revoke() => Set("StreamRelay:Auth:Keys:1:Hash", ApiKey.Create().Hash);

    private void Set(string name, string value)
    {
        _host.Configuration[name] = value;
        _host.Configuration.Reload();
    }

    private async Task<string> StartAsync()
    {
        using var started = await _host.StartTaskAsync(Kept.Key, "remote");
        return (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    /// <summary>Waits until the server has begun to serve the request: a start has made another task, a producer has published.</summary>
    private Task WhenServedAsync(string path, string task) => Wait.UntilAsync(async () =>
    {
        using var list = await _host.GetAsync("/v1/tasks", Kept.Key);
        var tasks = (await list.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").EnumerateArray().ToArray();
        return path.Contains("{id}/events", StringComparison.Ordinal)
            ? tasks.Single(other => other.GetProperty("id").GetString() == task).GetProperty("last_sequence").GetInt64() > 1
            : !path.StartsWith("/v1/chat", StringComparison.Ordinal) && !path.StartsWith("/v1/responses", StringComparison.Ordinal) || tasks.Length > 1;
    }, Deadline, "the request is served");
}
