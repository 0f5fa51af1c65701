using System.Text.Json;
using System.Text.RegularExpressions;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Connections;

/// <summary>The files for reverse proxies in the documentation: they are started as they are and carry every kind of request.</summary>
public sealed partial class DocumentedProxyTests
{
    [Theory]
    [InlineData("nginx")]
    [InlineData("caddy")]
    public async Task A_documented_proxy_carries_streams_and_pushes_at_once_and_tells_the_client_address(string program)
    {
        await using var proxy = await DocumentedProxy.StartAsync(program);

        await RedirectsToTlsAsync(proxy);
        await StreamsAtOnceAsync(proxy);
        await PushesAtOnceAsync(proxy);
        await CutsWhatFailsAsync(proxy);
        await MarksCookiesAsSecureAsync(proxy);
        await CountsEachClientAsync(proxy);
    }

    [Fact]
    public async Task The_file_for_a_tunnel_is_YAML_with_the_keys_that_a_tunnel_needs()
    {
        const string ToJson = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))";
        var file = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../docs/proxies/cloudflared.yml"));
        using var python = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("python3", ["-c", ToJson]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await python.StandardInput.WriteAsync(await File.ReadAllTextAsync(file));
        python.StandardInput.Close();
        var json = JsonElement.Parse(await python.StandardOutput.ReadToEndAsync());

        Assert.Equal(["tunnel", "credentials-file", "ingress"], json.EnumerateObject().Select(key => key.Name));
        var rules = json.GetProperty("ingress").EnumerateArray().ToArray();
        Assert.Equal("http://127.0.0.1:7860", rules[0].GetProperty("service").GetString());
        Assert.Equal(rules[0].GetProperty("hostname").GetString(), rules[0].GetProperty("originRequest").GetProperty("httpHostHeader").GetString());

        // cloudflared demands a last rule without a host name.
        Assert.Equal(["service"], rules[^1].EnumerateObject().Select(key => key.Name));
    }

    private static async Task RedirectsToTlsAsync(DocumentedProxy proxy)
    {
        var (_, head) = await proxy.CurlPlainAsync("/v1/models", "-i");
        Assert.Contains(" 308 ", head, StringComparison.Ordinal);
        Assert.Contains("https://streamrelay.example.com/v1/models", head, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task StreamsAtOnceAsync(DocumentedProxy proxy)
    {
        // A token a second: a buffer would hold back far more than there are until the first arrives.
        using var stream = proxy.OpenCurl("/v1/chat/completions", "-d", RelayApp.Chat("count 1000 1000"));
        string? line;
        do
        {
            line = await stream.StandardOutput.ReadLineAsync().WaitAsync(Relay.Deadline);
            Assert.NotNull(line);
        }
        while (!line.Contains("\"t1 \"", StringComparison.Ordinal));

        stream.Kill();
        await stream.WaitForExitAsync();
    }

    private static async Task PushesAtOnceAsync(DocumentedProxy proxy)
    {
        var id = await StartAsync(proxy, "remote", "x");
        using var push = proxy.OpenCurl($"/v1/tasks/{id}/events", "-T", "-", "-X", "POST", "-H", "Content-Type: application/x-ndjson");
        await push.StandardInput.WriteLineAsync("""{"event_type":"output","content":"pushed"}""");
        await push.StandardInput.FlushAsync();
        await Wait.UntilAsync(
            async () => (await proxy.CurlDirectAsync($"/v1/tasks/{id}/events?limit=9", "-H", "Accept: application/json")).Output.Contains("pushed", StringComparison.Ordinal), Relay.Deadline, "the pushed line");

        push.StandardInput.Close();
        await push.WaitForExitAsync();
        Assert.Equal(0, push.ExitCode);
    }

    private static async Task CutsWhatFailsAsync(DocumentedProxy proxy)
    {
        foreach (var protocol in (string[])["openai-chat", "ai-sdk"])
        {
            var (path, body) = Wire.Request(protocol, "fail 20 0");
            var (exit, output) = await proxy.CurlAsync(path, "-d", body);
            Assert.True(exit != 0 || ReceivedStream.Parse(protocol, output).Status == "failed", output);

            (path, body) = Wire.Request(protocol, "count 20 0");
            (exit, output) = await proxy.CurlAsync(path, "-d", body);
            Assert.Equal((0, "completed"), (exit, ReceivedStream.Parse(protocol, output).Status));
        }
    }

    private static async Task MarksCookiesAsSecureAsync(DocumentedProxy proxy)
    {
        var id = await StartAsync(proxy, "probe", "count 1 0");
        var (_, ticket) = await proxy.CurlAsync("/v1/tickets", "-d", $$"""{"tasks":["{{id}}"]}""");
        var (_, stream) = await proxy.CurlWithoutKeyAsync($"/v1/tasks/{id}/events?ticket={JsonElement.Parse(ticket).GetProperty("ticket").GetString()}", "-i");
        Assert.Matches(SecureCookie(), stream);
    }

    private static async Task CountsEachClientAsync(DocumentedProxy proxy)
    {
        // curl -f --fail-early ends with 22 at the first 429, although each request names another address. A minute brings new requests, so one too many may not be refused.
        string[] one = ["--interface", "127.0.0.5", "-o", "/dev/null", "-H", "X-Forwarded-For: 203.0.113.7", "--fail-early"];
        Assert.Equal(0, (await proxy.CurlAsync($"/v1/models?n=[1-{DocumentedProxy.RequestsPerMinute}]", one)).Exit);
        Assert.Equal(22, (await proxy.CurlAsync($"/v1/models?n=[1-{DocumentedProxy.RequestsPerMinute}]", one)).Exit);
        Assert.Equal(0, (await proxy.CurlAsync("/v1/models", "--interface", "127.0.0.6")).Exit);
    }

    private static async Task<string> StartAsync(DocumentedProxy proxy, string agent, string input)
    {
        var (_, task) = await proxy.CurlAsync("/v1/tasks", "-d", $$"""{"agent":"{{agent}}","input":"{{input}}"}""");
        return JsonElement.Parse(task).GetProperty("id").GetString()!;
    }

    [GeneratedRegex("(?i)set-cookie: streamrelay-.*; secure")]
    private static partial Regex SecureCookie();
}
