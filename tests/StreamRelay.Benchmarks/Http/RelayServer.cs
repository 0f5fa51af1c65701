using System.Security.Cryptography;
using System.Text;

namespace StreamRelay.Benchmarks.Http;

/// <summary>The real server with one key and a durable log, in a process of its own.</summary>
internal static class RelayServer
{
    private const string Key = "a-key-of-the-benchmark-0123456789";

    /// <summary>Starts it, and waits until it answers. Its client sends the key.</summary>
    /// <param name="folder">Where its data lies.</param>
    /// <param name="settings">Settings besides these, in the form of the command line.</param>
    public static async Task<MeasuredServer> StartAsync(string folder, params string[] settings)
    {
        var server = await MeasuredServer.StartAsync("StreamRelay", "/health/live", port => new("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "StreamRelay.Server.dll"),
            $"--urls=http://127.0.0.1:{port}",
            $"--StreamRelay:DataPath={folder}",
            "--StreamRelay:Auth:Keys:0:Name=bench",
            "--StreamRelay:Auth:Keys:0:Owner=bench",
            $"--StreamRelay:Auth:Keys:0:Hash={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))}",
            "--Serilog:MinimumLevel:Default=Warning",
            .. settings,
        ]));
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        return server;
    }
}
