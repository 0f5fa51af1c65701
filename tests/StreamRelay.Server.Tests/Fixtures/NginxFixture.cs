using System.Diagnostics;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Fixtures;

/// <summary>A server behind nginx with default settings: it buffers responses and uses HTTP/1.0 to the server.</summary>
public sealed class NginxFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
    private ServerProcess _server = null!;
    private Process _nginx = null!;

    /// <summary>Reaches the server through nginx.</summary>
    public HttpClient Client { get; } = new()
    {
        BaseAddress = new($"http://127.0.0.1:{Loopback.FreePort()}"),
        Timeout = TimeSpan.FromSeconds(60),
    };

    /// <summary>Reaches the server itself.</summary>
    public HttpClient Direct => _server.Client;

    public async Task InitializeAsync()
    {
        _server = await ServerProcess.StartAsync(Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName, "--StreamRelay:Auth:AllowAnonymous=true");
        await File.WriteAllTextAsync(Path.Combine(_folder, "nginx.conf"), $$"""
            daemon off; error_log {{_folder}}/error.log; pid {{_folder}}/nginx.pid; {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            events {}
            http {
              access_log off; client_body_temp_path {{_folder}}/body; proxy_temp_path {{_folder}}/proxy;
              fastcgi_temp_path {{_folder}}/f; uwsgi_temp_path {{_folder}}/u; scgi_temp_path {{_folder}}/s;
              server {
                listen {{Client.BaseAddress!.Authority}};
                location / { proxy_pass http://{{Direct.BaseAddress!.Authority}}; }
              }
            }
            """);
        _nginx = Process.Start(new ProcessStartInfo("/usr/sbin/nginx", ["-e", $"{_folder}/error.log", "-c", $"{_folder}/nginx.conf", "-p", _folder]))!;
        await Wait.UntilAsync(LiveAsync, live => live, TimeSpan.FromSeconds(10), "nginx answers");
    }

    public async Task DisposeAsync()
    {
        _nginx.Kill(entireProcessTree: true);
        await _nginx.WaitForExitAsync();
        _nginx.Dispose();
        Client.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> LiveAsync()
    {
        Assert.False(_nginx.HasExited, "nginx did not start.");
        try
        {
            using var answer = await Client.GetAsync("/health/live");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
