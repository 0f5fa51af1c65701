using System.Diagnostics;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Connections;

/// <summary>A failed run must look like a failure to every client, over every version of HTTP, directly and through a proxy with default settings.</summary>
public sealed class BadEndingTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
    private readonly int _nginxPort = Loopback.FreePort();
    private ServerProcess _server = null!;
    private ServerProcess _h2 = null!;
    private Process _nginx = null!;

    public async Task InitializeAsync()
    {
        // Behind a proxy a server needs keys: without keys it serves direct requests from this machine only.
        _server = await ServerProcess.StartAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "a")).FullName), "--StreamRelay:Auth:AllowAnonymous=true");
        _h2 = await ServerProcess.StartAsync(Directory.CreateDirectory(Path.Combine(_folder, "b")).FullName, "--Kestrel:EndpointDefaults:Protocols=Http2");
        var upstream = _server.Client.BaseAddress!.Authority;
        await File.WriteAllTextAsync(Path.Combine(_folder, "nginx.conf"), $$"""
            daemon off; error_log stderr; pid {{_folder}}/nginx.pid;
            events {}
            http {
              access_log off; client_body_temp_path {{_folder}}/body; proxy_temp_path {{_folder}}/proxy;
              fastcgi_temp_path {{_folder}}/f; uwsgi_temp_path {{_folder}}/u; scgi_temp_path {{_folder}}/s;
              server {
                listen 127.0.0.1:{{_nginxPort}};
                location / { proxy_pass http://{{upstream}}; }
                location /v11/ { proxy_http_version 1.1; proxy_pass http://{{upstream}}/; }
              }
            }
            """);
        _nginx = Process.Start(new ProcessStartInfo("/usr/sbin/nginx", ["-c", $"{_folder}/nginx.conf", "-p", _folder]) { RedirectStandardError = true })!;
        while (await CurlAsync($"http://127.0.0.1:{_nginxPort}/health/live") is not (0, _))
            Assert.False(_nginx.HasExited);
    }

    [Theory]
    [InlineData("direct", "--http1.1")]
    [InlineData("direct", "--http1.0")]
    [InlineData("h2", "--http2-prior-knowledge")]
    [InlineData("nginx", "--http1.1")]
    [InlineData("nginx/v11", "--http1.1")]
    public async Task A_failure_is_delivered_and_never_looks_like_an_end(string way, string version)
    {
        var address = way switch
        {
            "direct" => _server.Client.BaseAddress!.ToString(),
            "h2" => _h2.Client.BaseAddress!.ToString(),
            "nginx" => $"http://127.0.0.1:{_nginxPort}/",
            _ => $"http://127.0.0.1:{_nginxPort}/v11/",
        };

        for (var run = 0; run < 20; run++)
        {
            var (exit, output) = await CurlAsync(version, "-N", $"{address}v1/chat/completions", "-d", RelayApp.Chat($"fail {run * 20} 0"));
            Assert.NotEqual(0, exit);
            Assert.DoesNotContain("[DONE]", output);
            if (way != "nginx")
                Assert.Contains("probe_failed", output);

            (exit, output) = await CurlAsync(version, "-N", $"{address}v1/chat/completions", "-d", RelayApp.Chat($"count {run * 20} 0"));
            Assert.Equal(0, exit);
            Assert.EndsWith("data: [DONE]\n\n", output);
        }
    }

    public async Task DisposeAsync()
    {
        _nginx.Kill(entireProcessTree: true);
        await _nginx.WaitForExitAsync();
        await _server.DisposeAsync();
        await _h2.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<(int Exit, string Output)> CurlAsync(params string[] arguments)
    {
        using var curl = Process.Start(new ProcessStartInfo("curl", ["-s", "-S", "--max-time", "30", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = await curl.StandardOutput.ReadToEndAsync();
        await curl.WaitForExitAsync();
        return (curl.ExitCode, output);
    }
}
