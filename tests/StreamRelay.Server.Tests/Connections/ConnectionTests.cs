using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StreamRelay.AspNetCore.Access;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Connections;

/// <summary>Reasons that end a stream while its task continues: the age of the connection, an invalid key, a client that disconnected.</summary>
public sealed class ConnectionTests
{
    private const string Endless = "count 100000 100";

    [Fact]
    public async Task An_old_connection_ends_between_frames_and_the_client_resumes_without_loss()
    {
        using var app = new RelayApp(new() { ["StreamRelay:Streams:MaxConnectionAge"] = "00:00:00.200" });
        var id = await app.StartAsync("count 60 10");
        List<string> frames = [];
        var connections = 0;
        do
        {
            frames.AddRange(SseText.Frames(await app.ReadAsync(id, "", frames.Count == 0 ? null : SseText.Id(frames[^1]))));
            connections++;
        }
        while (!frames[^1].Contains("connection_end"));

        Assert.True(connections > 1);
        Assert.Equal(SseText.Frames(await app.ReadAsync(id)), frames);
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("openai-responses")]
    [InlineData("anthropic-messages")]
    [InlineData("ai-sdk")]
    [InlineData("ag-ui")]
    public async Task An_old_connection_continues_in_protocols_whose_clients_do_not_reconnect(string protocol)
    {
        using var app = new RelayApp(new() { ["StreamRelay:Streams:MaxConnectionAge"] = "00:00:00.100" });
        var id = await app.StartAsync("count 30 10");
        Assert.Contains("t30 ", await app.ReadAsync(id, $"?protocol={protocol}"));
    }

    [Theory]
    [InlineData("native")]
    [InlineData("openai-chat")]
    [InlineData("openai-responses")]
    [InlineData("anthropic-messages")]
    [InlineData("ai-sdk")]
    [InlineData("ag-ui")]
    public async Task A_quiet_stream_has_heartbeats_that_are_no_frames(string protocol)
    {
        using var app = new RelayApp(new() { ["StreamRelay:Streams:HeartbeatInterval"] = "00:00:00.100" });
        var id = await app.StartAsync("count 1000000 100000");
        using var stream = await Wire.ReadAsync(app.Client, id, protocol);
        await stream.ReadUntilAsync(": ping");
        using var stopped = await app.PostAsync($"/v1/tasks/{id}/stop", "");
        var text = await stream.ReadToEndAsync();

        Assert.Contains("\n\n: ping\n\n", text);
        Assert.Equal(SseText.Frames(await app.ReadAsync(id, $"?protocol={protocol}")), SseText.Frames(text));
    }

    [Theory]
    [InlineData("native")]
    [InlineData("ai-sdk")]
    public async Task A_revoked_key_ends_its_streams_and_opens_no_others(string protocol)
    {
        var (key, hash) = ApiKey.Create();
        using var app = Keyed(hash);
        app.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var id = await app.StartAsync(Endless);
        using var stream = await app.Client.GetAsync($"/v1/tasks/{id}/events?protocol={protocol}", HttpCompletionOption.ResponseHeadersRead);
        var rest = stream.Content.ReadAsStringAsync();
        Set(app, "StreamRelay:Auth:Keys:0:Hash", ApiKey.Create().Hash);
        await Assert.ThrowsAsync<HttpRequestException>(() => rest.WaitAsync(Relay.Deadline));
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Client.GetAsync($"/v1/tasks/{id}/events")).StatusCode);
    }

    [Fact]
    public async Task A_key_that_expires_ends_its_streams_and_opens_no_others()
    {
        var (key, hash) = ApiKey.Create();
        using var app = Keyed(hash);
        app.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var id = await app.StartAsync(Endless);
        using var stream = await app.Client.GetAsync($"/v1/tasks/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        Set(app, "StreamRelay:Auth:Keys:0:ExpiresAt", DateTimeOffset.UtcNow.AddMilliseconds(500).ToString("O"));
        await Assert.ThrowsAsync<HttpRequestException>(() => stream.Content.ReadAsStringAsync().WaitAsync(Relay.Deadline));
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Client.GetAsync($"/v1/tasks/{id}")).StatusCode);
    }

    [Fact]
    public async Task An_invalid_configuration_change_leaves_the_previous_keys_in_force()
    {
        var (key, hash) = ApiKey.Create();
        using var app = Keyed(hash);
        app.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        Set(app, "StreamRelay:Auth:Keys:0:Hash", "not a hash");
        Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync("/v1/tasks")).StatusCode);
    }

    private static RelayApp Keyed(string hash) => new(new()
    {
        ["StreamRelay:Auth:Keys:0:Owner"] = "me",
        ["StreamRelay:Auth:Keys:0:Hash"] = hash,
        ["StreamRelay:Streams:HeartbeatInterval"] = "00:00:00.100",
    });

    private static void Set(RelayApp app, string key, string value)
    {
        var configuration = (IConfigurationRoot)app.Services.GetRequiredService<IConfiguration>();
        configuration[key] = value;
        configuration.Reload();
    }
}
