using System.Diagnostics;

namespace StreamRelay.TestSupport;

/// <summary>A Redis Sentinel of its own for a test, which monitors one primary and decides alone.</summary>
public sealed class RedisSentinel : IAsyncDisposable
{
    /// <summary>The name of the primary, <c>serviceName</c> in a connection string.</summary>
    public const string Service = "relay";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("sentinel-").FullName;
    private Process? _process;

    private RedisSentinel()
    {
    }

    public int Port { get; } = Loopback.FreePort();

    public string ConnectionString => $"127.0.0.1:{Port},serviceName={Service}";

    /// <summary>Starts a Sentinel; it knows the primary and a replica when this returns.</summary>
    public static async Task<RedisSentinel> StartAsync(RedisServer primary)
    {
        var sentinel = new RedisSentinel();
        try
        {
            await sentinel.RunAsync(primary.Port);
            return sentinel;
        }
        catch
        {
            await sentinel.DisposeAsync();
            throw;
        }
    }

    /// <summary>The port of the primary that Sentinel names.</summary>
    public async Task<int> PrimaryPortAsync() =>
        int.Parse((await CliAsync("SENTINEL", "get-master-addr-by-name", Service)).Split('\n')[1], System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task RunAsync(int primary)
    {
        var file = Path.Combine(_folder, "sentinel.conf");
        await File.WriteAllLinesAsync(
            file,
            [
                "bind 127.0.0.1", $"port {Port}", $"dir {_folder}", $"logfile {_folder}/sentinel.log",
                $"sentinel monitor {Service} 127.0.0.1 {primary} 1", $"sentinel down-after-milliseconds {Service} 500", $"sentinel failover-timeout {Service} 3000",
            ]);
        _process = Process.Start(new ProcessStartInfo("redis-sentinel", [file]) { RedirectStandardOutput = true })!;
        await Wait.UntilAsync(async () => (await CliAsync("SENTINEL", "replicas", Service)).Contains("master-link-status\nok", StringComparison.Ordinal), Deadline, "Sentinel knows a replica");
    }

    private async Task<string> CliAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("redis-cli", ["-h", "127.0.0.1", "-p", $"{Port}", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Deadline);
        await process.WaitForExitAsync().WaitAsync(Deadline);
        return output.TrimEnd('\n');
    }
}
