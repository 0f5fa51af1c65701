using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace StreamRelay.Benchmarks.Http;

/// <summary>The servers that are compared, each in a process of its own: the real server with a key and a durable log, bare Kestrel, and the peers that are installed.</summary>
internal sealed class HttpServers : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamrelay-bench-").FullName;

    public MeasuredServer Bare { get; private set; } = null!;

    public MeasuredServer Relay { get; private set; } = null!;

    /// <summary>nginx with nchan, where this machine has it.</summary>
    public MeasuredServer? Nchan { get; private set; }

    /// <summary>FastAPI and Flask, where Python has them. Both keep nothing.</summary>
    public IReadOnlyList<MeasuredServer> Peers { get; private set; } = [];

    public static async Task<HttpServers> StartAsync()
    {
        var servers = new HttpServers();
        servers.Bare = await MeasuredServer.StartAsync("bare Kestrel", "/document", static port => new(Environment.ProcessPath!, [BareKestrel.Argument, $"http://127.0.0.1:{port}"]));
        servers.Relay = await RelayServer.StartAsync(
            servers._folder,
            "--StreamRelay:Agents:pushed:Type=push",
            "--StreamRelay:Agents:probe:Type=probe",
            "--StreamRelay:Streams:MaxTaskBytes=2000000000");
        if (NchanServer.IsInstalled)
            servers.Nchan = await MeasuredServer.StartAsync("nchan", "/", port => NchanServer.Start(servers._folder, port));

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
        foreach (var server in (MeasuredServer?[])[Bare, Relay, Nchan, .. Peers])
        {
            if (server is not null)
                await server.DisposeAsync();
        }

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
}
