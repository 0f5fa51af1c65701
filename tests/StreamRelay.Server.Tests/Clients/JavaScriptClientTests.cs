using System.Diagnostics;
using StreamRelay.AspNetCore.Access;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Clients;

/// <summary>The official JavaScript clients, as they are published: <c>tests/clients</c>. Each file has a server of its own.</summary>
public sealed class JavaScriptClientTests
{
    private const string Key = "sr-the-right-one";
    private const string WebhookSecret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    private static readonly string WebhookUrl = $"http://127.0.0.1:{Loopback.FreePort()}/";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(240);

    [Theory]
    [InlineData("ag-ui.test.mjs")]
    [InlineData("ai-sdk.test.mjs")]
    [InlineData("anthropic.test.mjs")]
    [InlineData("chat.test.mjs")]
    [InlineData("client.test.mjs")]
    [InlineData("conversations.test.mjs")]
    [InlineData("heartbeat.test.mjs")]
    [InlineData("keys.test.mjs")]
    [InlineData("native.test.mjs")]
    [InlineData("openapi.test.mjs")]
    [InlineData("responses.test.mjs")]
    [InlineData("webhooks.test.mjs")]
    public async Task The_JavaScript_clients_get_what_their_protocol_promises(string file)
    {
        using var app = new RelayApp(Settings(file));
        await RunAsync(file, app);
    }

    [Theory]
    [InlineData("anthropic.test.mjs")]
    [InlineData("chat.test.mjs")]
    [InlineData("conversations.test.mjs")]
    [InlineData("responses.test.mjs")]
    public async Task The_official_clients_get_the_same_content_through_two_relays(string file)
    {
        using var upstream = new RelayApp();
        using var app = new RelayApp(new()
        {
            ["StreamRelay:Agents:probe:Type"] = "upstream",
            ["StreamRelay:Agents:probe:BaseUrl"] = $"{upstream.Address}v1",
            ["StreamRelay:Agents:probe:Model"] = "probe",
        });
        await RunAsync(file, app);
    }

    [Fact]
    public async Task The_official_clients_get_all_that_an_upstream_says_in_its_dialect()
    {
        using var dialects = new DialectFixture();
        await RunAsync("dialects.test.mjs", dialects.App);
    }

    private static async Task RunAsync(string file, RelayApp app)
    {
        var start = new ProcessStartInfo("node", ["--test", file]) { WorkingDirectory = JavaScriptClients.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["BASE_URL"] = app.Address.ToString().TrimEnd('/');
        start.Environment["API_KEY"] = Key;
        start.Environment["WEBHOOK_URL"] = WebhookUrl;
        start.Environment["WEBHOOK_SECRET"] = WebhookSecret;
        using var node = Process.Start(start)!;
        var output = node.StandardOutput.ReadToEndAsync();
        var errors = node.StandardError.ReadToEndAsync();
        var ended = true;
        try
        {
            await node.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            ended = false;
            node.Kill(entireProcessTree: true);
        }

        var printed = $"{await output}\n{await errors}";
        Assert.True(ended, $"Not done after {Patience}:\n{printed}");
        Assert.True(node.ExitCode == 0, printed);
    }

    private static Dictionary<string, string?> Settings(string file) => file switch
    {
        "ag-ui.test.mjs" => new() { ["StreamRelay:Tutorial:OfflinePause"] = "00:00:00" },
        "heartbeat.test.mjs" => new() { ["StreamRelay:Streams:HeartbeatInterval"] = "00:00:00.100" },
        "keys.test.mjs" => new() { ["StreamRelay:Auth:Keys:0:Owner"] = "someone", ["StreamRelay:Auth:Keys:0:Hash"] = ApiKey.Hash(Key) },
        "webhooks.test.mjs" => new()
        {
            ["StreamRelay:Webhooks:AllowPrivate"] = "true",
            ["StreamRelay:Webhooks:Endpoints:0:Url"] = WebhookUrl,
            ["StreamRelay:Webhooks:Endpoints:0:Secret"] = WebhookSecret,
            ["StreamRelay:Webhooks:Endpoints:0:Format"] = "Responses",
        },
        _ => [],
    };
}
