using System.Diagnostics;
using System.Net.Sockets;

namespace StreamRelay.TestSupport;

/// <summary>A Redis server for one test, in a temporary folder that is deleted with it.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const string AppendFolder = "appendonlydir";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly RedisServerOptions _options;
    private readonly string _folder = Directory.CreateTempSubdirectory("redis-").FullName;
    private Process? _process;

    private RedisServer(RedisServerOptions options)
    {
        _options = options;
        Port = options.Port == 0 ? Loopback.FreePort() : options.Port;
    }

    public int Port { get; }

    /// <summary>The certificate of the authority that issued the server certificate.</summary>
    public string CaFile => Path.Combine(_folder, "ca.pem");

    /// <summary>The connection string of the default user.</summary>
    public string ConnectionString =>
        $"127.0.0.1:{Port}{(_options.Password is null ? "" : $",password={_options.Password}")}{(_options.Tls ? $",ssl=true,caFile={CaFile}" : "")}";

    /// <summary>Starts a server. It accepts commands when the returned task completes.</summary>
    public static async Task<RedisServer> StartAsync(RedisServerOptions? options = null)
    {
        var server = new RedisServer(options ?? new());
        try
        {
            server.WriteFolder();
            await server.RunAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks the server to shut down, and waits until it has.</summary>
    public async Task StopAsync()
    {
        _process!.Send(UnixSignal.Terminate);
        await _process!.WaitForExitAsync().WaitAsync(Deadline);
    }

    /// <summary>Kills the server with SIGKILL.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>Pauses the server: connections stay open, and no command is answered.</summary>
    public void Pause() => _process!.Send(UnixSignal.Stop);

    public void Resume() => _process!.Send(UnixSignal.Continue);

    /// <summary>Copies the files of the server, for <see cref="ForgetAsync"/>.</summary>
    public void Remember()
    {
        Pause();
        Copy(Path.Combine(_folder, AppendFolder), Path.Combine(_folder, "remembered"));
        Resume();
    }

    /// <summary>Kills the server and starts it again with the files that <see cref="Remember"/> copied.</summary>
    public async Task ForgetAsync()
    {
        Kill();
        Copy(Path.Combine(_folder, "remembered"), Path.Combine(_folder, AppendFolder));
        await RestartAsync();
    }

    /// <summary>Starts the server again on the same port and files; kills it first when it is running.</summary>
    public async Task RestartAsync()
    {
        if (!_process!.HasExited)
            await StopAsync();

        _process.Dispose();
        await RunAsync();
    }

    /// <summary>Runs <c>redis-cli</c> as the default user.</summary>
    /// <returns>What it prints, without the last line end.</returns>
    public async Task<string> CliAsync(params string[] arguments)
    {
        string[] password = _options.Password is null ? [] : ["--no-auth-warning", "-a", _options.Password];
        string[] tls = _options.Tls ? ["--tls", "--cacert", CaFile] : [];
        var start = new ProcessStartInfo("redis-cli", ["-h", "127.0.0.1", "-p", $"{Port}", .. password, .. tls, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Deadline);
        await process.WaitForExitAsync().WaitAsync(Deadline);
        return process.ExitCode == 0 ? output.TrimEnd('\n') : throw new InvalidOperationException($"redis-cli: {await error}{output}");
    }

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

    private static void Copy(string from, string to)
    {
        if (Directory.Exists(to))
            Directory.Delete(to, recursive: true);

        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private void WriteFolder()
    {
        List<string> lines =
        [
            "bind 127.0.0.1",
            "save \"\"",
            $"dir {_folder}",
            $"logfile {_folder}/redis.log",
            $"appendonly {(_options.AppendOnly ? "yes" : "no")}",
            $"appendfsync {_options.AppendFsync}",
            $"port {(_options.Tls ? 0 : Port)}",
            .. _options.Users.Select(user => $"user {user}"),
            .. _options.Lines,
        ];
        if (_options.Password is not null)
            lines.Add($"requirepass {_options.Password}");
        if (_options.Tls)
        {
            RedisCertificate.Write(_folder);
            lines.AddRange([$"tls-port {Port}", "tls-auth-clients no", $"tls-ca-cert-file {CaFile}", $"tls-cert-file {_folder}/server.pem", $"tls-key-file {_folder}/server.key"]);
        }

        File.WriteAllLines(Path.Combine(_folder, "redis.conf"), lines);
    }

    private async Task RunAsync()
    {
        _process = Process.Start(new ProcessStartInfo("redis-server", [Path.Combine(_folder, "redis.conf")]) { RedirectStandardOutput = true })!;
        await Wait.UntilAsync(async () => _process.HasExited || await AnswersAsync(), Deadline, "the Redis server's answer");
        if (_process.HasExited)
            throw new InvalidOperationException($"The Redis server did not start: {Log()}");
    }

    private string Log() => Path.Combine(_folder, "redis.log") is var path && File.Exists(path) ? File.ReadAllText(path) : _process!.StandardOutput.ReadToEnd();

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return await RedisPing.AskAsync(Port, _options.Tls ? CaFile : null) is ['+', ..] or ['-', 'N', 'O', 'A', 'U', 'T', 'H', ..];
        }
        catch (IOException)
        {
            return false;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
