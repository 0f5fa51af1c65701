using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using StreamRelay.AspNetCore.Access;
using StreamRelay.Client;
using StreamRelay.Client.Push;
using StreamRelay.TestSupport;

namespace StreamRelay.Browser;

/// <summary>A browser's <c>EventSource</c> with a ticket.</summary>
public sealed class TicketTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    /// <summary>Reads the stream, and keeps what came of it.</summary>
    private const string Open = """
        url => {
          window.seen = []
          window.source = new EventSource(url)
          window.source.onmessage = message => { window.seen.push(JSON.parse(message.data)) }
          return ''
        }
        """;

    private const string Seen = "() => window.seen.filter(event => event.event_type === 'output').map(event => event.content).join(',')";

    private const string State = "() => `${window.source.readyState}`";

    // EventSource.CLOSED: it does not come again.
    private const string Closed = "2";

    [Fact]
    public async Task It_reconnects_after_a_restart_without_loss_and_ends_with_the_key_for_good()
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-");
        var admin = ApiKey.Create();
        var address = new Uri($"http://127.0.0.1:{Loopback.FreePort()}");
        var server = await StartAsync(folder.FullName, address, admin.Hash);
        using var client = new HttpClient { BaseAddress = address };
        var (id, key) = await MakeKeyAsync(client, admin.Key);
        using var relay = new StreamRelayClient(address, key);
        var task = (await relay.StartAsync("remote", "x")).Id;
        var producer = relay.OpenProducer(task);

        await using var page = await browser.OpenAsync(address);
        await page.RunAsync(Open, $"/v1/tasks/{task}/events?ticket={await TicketAsync(client, key, task)}");
        await producer.PushAsync(NewEvent.Output("before"));
        await page.UntilAsync(Seen, "before");

        await server.DisposeAsync();
        server = await StartAsync(folder.FullName, address, admin.Hash);
        await producer.PushAsync(NewEvent.Output("after"));
        await page.UntilAsync(Seen, "before,after");

        using (var revoked = await SendAsync(client, HttpMethod.Delete, $"/v1/keys/{id}", admin.Key))
            Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        await page.UntilAsync(State, Closed);
        Assert.Equal("before,after", await page.RunAsync(Seen, ""));

        await server.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static Task<ServerProcess> StartAsync(string folder, Uri address, string adminHash) => ServerProcess.StartAsync(
        folder, $"--Urls={address}", "--StreamRelay:Agents:remote:Type=push", "--StreamRelay:Auth:Keys:0:Owner=operator", $"--StreamRelay:Auth:Keys:0:Hash={adminHash}",
        "--StreamRelay:Auth:Keys:0:Scopes:0=admin");

    private static async Task<(string Id, string Key)> MakeKeyAsync(HttpClient client, string admin)
    {
        using var made = await SendAsync(client, HttpMethod.Post, "/v1/keys", admin, new { owner = "ada" });
        var json = await made.Content.ReadFromJsonAsync<JsonElement>();
        return (json.GetProperty("id").GetString()!, json.GetProperty("key").GetString()!);
    }

    private static async Task<string> TicketAsync(HttpClient client, string key, string task)
    {
        using var issued = await SendAsync(client, HttpMethod.Post, "/v1/tickets", key, new { tasks = new[] { task } });
        return (await issued.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ticket").GetString()!;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string key, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await client.SendAsync(request);
    }
}
