using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StreamRelay.TestSupport;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Keys that are made, replaced and revoked while the server runs.</summary>
public sealed class StoredKeyTests : IAsyncLifetime
{
    private static readonly (string Key, string Hash) Admin = ApiKey.Create();

    private HostApp _host = null!;

    public async Task InitializeAsync() => _host = await HostApp.StartAsync(
        ("StreamRelay:Auth:Keys:0:Owner", "operator"), ("StreamRelay:Auth:Keys:0:Hash", Admin.Hash), ("StreamRelay:Auth:Keys:0:Scopes:0", "admin"), ("StreamRelay:Agents:remote:Type", "push"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_new_key_is_used_at_once_with_its_limits_and_is_listed_without_the_key()
    {
        var made = await MakeAsync(new { owner = "ada", scopes = new[] { "start", "read" }, agents = new[] { "echo" }, requests_per_minute = 1000, note = "laptop", expires_at = "2100-01-01T00:00:00Z" });
        var key = made.GetProperty("key").GetString()!;
        await _host.TaskAsync(key);

        using var otherAgent = await _host.StartTaskAsync(key, "remote");
        using var otherScope = await _host.GetAsync("/v1/keys", key);
        using var list = await _host.GetAsync("/v1/keys", Admin.Key);
        var text = await list.Content.ReadAsStringAsync();
        var listed = JsonElement.Parse(text).GetProperty("data")[0];

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Forbidden), (otherAgent.StatusCode, otherScope.StatusCode));
        Assert.Equal(made.GetProperty("id").GetString(), listed.GetProperty("id").GetString());
        Assert.Equal(("ada", "laptop", "2100-01-01T00:00:00+00:00"), (Text(listed, "owner"), Text(listed, "note"), Text(listed, "expires_at")));
        Assert.Equal(1000, listed.GetProperty("requests_per_minute").GetInt32());
        Assert.True(listed.TryGetProperty("last_used_at", out _));
        Assert.DoesNotContain(key, text, StringComparison.Ordinal);
        Assert.DoesNotContain(ApiKey.Hash(key), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_key_ends_with_everything_that_it_opened()
    {
        var made = await MakeAsync(new { owner = "ada" });
        var key = made.GetProperty("key").GetString()!;
        using var started = await _host.StartTaskAsync(key, "remote");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{started.Headers.Location}/events") { Headers = { Authorization = new("Bearer", key) } };
        using var stream = await _host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        using var revoked = await _host.SendAsync(HttpMethod.Delete, $"/v1/keys/{Text(made, "id")}", Admin.Key);

        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => stream.Content.ReadAsStringAsync().WaitAsync(Relay.Deadline));
        using var refused = await _host.GetAsync("/v1/tasks", key);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Theory]
    [InlineData("?overlap=1h", HttpStatusCode.OK)]
    [InlineData("", HttpStatusCode.Unauthorized)]
    public async Task A_key_is_replaced_and_the_old_one_is_accepted_for_the_overlap(string overlap, HttpStatusCode old)
    {
        var made = await MakeAsync(new { owner = "ada", scopes = new[] { "read", "admin" } });

        // With its own key, so that the answer must come although that key ends.
        using var answer = await _host.SendAsync(HttpMethod.Post, $"/v1/keys/{Text(made, "id")}/rotate{overlap}", Text(made, "key"));
        var replaced = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        using var withNew = await _host.GetAsync("/v1/tasks", Text(replaced, "key"));
        using var withOld = await _host.GetAsync("/v1/tasks", Text(made, "key"));
        Assert.Equal((HttpStatusCode.OK, old), (withNew.StatusCode, withOld.StatusCode));
        Assert.Equal("ada", Text(replaced, "owner"));
    }

    [Theory]
    [InlineData("""{}""", "owner")]
    [InlineData("""{"owner":"local"}""", "owner")]
    [InlineData("""{"owner":"ada","scopes":["write"]}""", "scopes")]
    [InlineData("""{"owner":"ada","scopes":[]}""", "scopes")]
    [InlineData("""{"owner":"ada","agents":["nobody"]}""", "agents")]
    [InlineData("""{"owner":"ada","agents":"echo"}""", "agents")]
    [InlineData("""{"owner":"ada","expires_at":"2020-01-01"}""", "expires_at")]
    [InlineData("""{"owner":"ada","note":5}""", "note")]
    [InlineData("""{"owner":"ada","requests_per_minute":0}""", "requests_per_minute")]
    public async Task A_wrong_field_is_named(string body, string field)
    {
        using var answer = await _host.SendAsync(HttpMethod.Post, "/v1/keys", Admin.Key, new StringContent(body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, Text(await answer.ErrorAsync(), "param"));
    }

    [Fact]
    public async Task The_first_key_of_a_server_without_keys_is_an_administrator_and_closes_the_server()
    {
        await using var host = await HostApp.StartAsync();

        using var refused = await host.SendAsync(HttpMethod.Post, "/v1/keys", null, JsonContent.Create(new { owner = "ada" }));
        using var made = await host.SendAsync(HttpMethod.Post, "/v1/keys", null, JsonContent.Create(new { owner = "ada", scopes = new[] { "admin", "read" } }));
        var key = await made.Content.ReadFromJsonAsync<JsonElement>();
        using var keyless = await host.GetAsync("/v1/tasks");
        using var revoked = await host.SendAsync(HttpMethod.Delete, $"/v1/keys/{Text(key, "id")}", Text(key, "key"));
        using var afterwards = await host.GetAsync("/v1/tasks");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Created, HttpStatusCode.Unauthorized), (refused.StatusCode, made.StatusCode, keyless.StatusCode));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (revoked.StatusCode, afterwards.StatusCode));
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private async Task<JsonElement> MakeAsync(object body)
    {
        using var answer = await _host.SendAsync(HttpMethod.Post, "/v1/keys", Admin.Key, JsonContent.Create(body));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
