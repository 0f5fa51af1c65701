using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace StreamRelay.Benchmarks.Http;

/// <summary>The servers that are compared, each in a process of its own: the real server with a key and a durable log, bare Kestrel, and the peers that are installed.</summary>
internal sealed class HttpServers : IAsyncDisposable
{
    private const string Key = "a-key-of-the-benchmark-0123456789";

    private readonly string _folder = Directory.CreateTempSubdirectory("streamrelay-bench-").FullName;

    public MeasuredServer Bare { get; private set; } = null!;

    public MeasuredServer Relay { get; private set; } = null!;

    /// <summary>FastAPI and Flask, where Python has them. Both keep nothing.</summary>
    public IReadOnlyList<MeasuredServer> Peers { get; private set; } = [];

    public static async Task<HttpServers> StartAsync()
    {
        var servers = new HttpServers();
        servers.Bare = await MeasuredServer.StartAsync("bare Kestrel", "/document", static port => new(Environment.ProcessPath!, [BareKestrel.Argument, $"http://127.0.0.1:{port}"]));
        servers.Relay = await MeasuredServer.StartAsync("StreamRelay", "/health/live", servers.StartRelay);
        servers.Relay.Client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        List<MeasuredServer> peers = [];
        foreach (var peer in (string[])["flask", "fastapi"])
        {
            if (IsInstalled(peer))
                peers.Add(await MeasuredServer.StartAsync(peer, "/", port => new("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Http", "Peers", $"{peer}_chat.py"), port.ToString(CultureInfo.InvariantCulture)])));
        }

        servers.Peers = peers;
        return servers;
    }

    /// <summary>Starts a task of the real server that takes events.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> StartPushedAsync()
    {
        using var answer = await Relay.Client.PostAsJsonAsync("/v1/tasks", new { agent = "pushed", input = "x" });
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Peers.Prepend(Relay).Prepend(Bare))
            await server.DisposeAsync();

        Directory.Delete(_folder, recursive: true);
    }

    private static bool IsInstalled(string module)
    {
        if (!File.Exists("/usr/bin/python3"))
            return false;

        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", $"import {module}"]) { RedirectStandardError = true })!;
        python.WaitForExit();
        return python.ExitCode == 0;
    }

    private ProcessStartInfo StartRelay(int port) => new("dotnet",
    [
        Path.Combine(AppContext.BaseDirectory, "StreamRelay.Server.dll"),
        $"--urls=http://127.0.0.1:{port}",
        $"--StreamRelay:DataPath={_folder}",
        "--StreamRelay:Agents:pushed:Type=push",
        "--StreamRelay:Agents:probe:Type=probe",
        "--StreamRelay:Streams:MaxTaskBytes=2000000000",
        "--StreamRelay:Auth:Keys:0:Name=bench",
        "--StreamRelay:Auth:Keys:0:Owner=bench",
        $"--StreamRelay:Auth:Keys:0:Hash={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))}",
        "--Serilog:MinimumLevel:Default=Warning",
    ]);
}
