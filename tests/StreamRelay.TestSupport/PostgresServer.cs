using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace StreamRelay.TestSupport;

/// <summary>A PostgreSQL server of the tests' own, on a free loopback port, in a temporary folder. A watchdog deletes it when the test process ends, even when that is killed.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    public const string Password = "secret-of-the-tests";

    private const int StartAttempts = 100;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    // It waits for the end of its input, which comes even when this process is killed.
    private const string Watchdog = """
        trap '' INT TERM HUP
        cat > /dev/null
        pid=$(head -n 1 "$1/data/postmaster.pid" 2> /dev/null)
        while grep -qs '(postgres) [^Z]' "/proc/$pid/stat"; do kill -QUIT "$pid"; sleep 0.05; done
        rm -rf "$1"
        """;

    private static readonly Lazy<Task<PostgresServer>> Only = new(StartAsync);
    private static readonly string Binaries = FindBinaries();

    private readonly string _folder;
    private readonly Process _watchdog;
    private int _databases;
    private bool _runs;

    private PostgresServer(string folder, int port)
    {
        _folder = folder;
        Port = port;
        _watchdog = Process.Start(new ProcessStartInfo("sh", ["-c", Watchdog, "sh", folder]) { RedirectStandardInput = true, WorkingDirectory = "/" })!;
    }

    public int Port { get; }

    public string DataPath => Path.Combine(_folder, "data");

    /// <summary>The server that all tests share. Do not stop it.</summary>
    public static Task<PostgresServer> SharedAsync() => Only.Value;

    /// <summary>A server that can be stopped, killed and started again.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"streamrelay-postgres-{Guid.NewGuid():N}");
        var server = new PostgresServer(folder, Loopback.FreePort());
        await server.CreateAsync();
        await server.RestartAsync();
        return server;
    }

    /// <summary>Creates an empty database.</summary>
    /// <returns>The connection string of its owner, who may do anything.</returns>
    public async Task<string> CreateDatabaseAsync(string options = "")
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync(ConnectionString("postgres"), $"create database {name} {options}");
        return ConnectionString(name);
    }

    /// <summary>Drops a database and closes the connections to it.</summary>
    public Task DropDatabaseAsync(string connectionString) =>
        ExecuteAsync(ConnectionString("postgres"), $"drop database {new NpgsqlConnectionStringBuilder(connectionString).Database} with (force)");

    /// <summary>Runs SQL, on a connection of its own.</summary>
    /// <returns>The first value, or <see langword="null"/>.</returns>
    public static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Ends the server as an administrator does, breaking every connection.</summary>
    public async Task StopAsync()
    {
        await ControlAsync("stop", "-m", "fast", "-w");
        _runs = false;
    }

    /// <summary>Kills the server with SIGKILL; what it had not written to its log is lost.</summary>
    public void Kill()
    {
        var lockFile = Path.Combine(DataPath, "postmaster.pid");
        using var server = Process.GetProcessById(int.Parse(File.ReadLines(lockFile).First(), CultureInfo.InvariantCulture));
        server.Kill(entireProcessTree: true);
        _runs = false;

        // A child process that still runs would write to the same files as the next server.
        SpinWait.SpinUntil(() => !Directory.EnumerateDirectories("/proc").Any(WorksHere), Deadline);

        // Until its parent has reaped the process, the next server would find it alive.
        File.Delete(lockFile);
    }

    /// <summary>Starts the server on the same port, ending it first when it runs. It is ready afterwards.</summary>
    /// <param name="standby">Whether the server is a read-only standby until it is promoted.</param>
    public async Task RestartAsync(bool standby = false)
    {
        if (_runs)
            await StopAsync();
        if (standby)
            await RunAsUserAsync("touch", Path.Combine(DataPath, "standby.signal"));

        for (var attempt = 1; !_runs; attempt++)
        {
            try
            {
                await ControlAsync("start", "-w", "-l", Path.Combine(_folder, "log"));
                _runs = true;
            }
            catch (InvalidOperationException) when (attempt < StartAttempts)
            {
                // After a kill the child processes hold the shared memory until they notice.
            }
        }
    }

    /// <summary>Promotes a standby to a primary.</summary>
    public Task PromoteAsync() => ControlAsync("promote", "-w");

    public async ValueTask DisposeAsync()
    {
        _watchdog.StandardInput.Close();
        await _watchdog.WaitForExitAsync();
        _watchdog.Dispose();
    }

    private async Task CreateAsync()
    {
        var owner = Environment.IsPrivilegedProcess ? "postgres" : Environment.UserName;
        await RunAsync("install", "-d", "-m", "700", "-o", owner, _folder);
        var password = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(password, Password);
        await RunAsync("chmod", "644", password);
        await RunAsUserAsync(Path.Combine(Binaries, "initdb"), "-D", DataPath, "-U", "postgres", "-A", "scram-sha-256", $"--pwfile={password}", "-E", "UTF8", "--locale=C", "--no-sync");
        await File.AppendAllTextAsync(Path.Combine(DataPath, "postgresql.conf"), string.Create(CultureInfo.InvariantCulture, $"""

            listen_addresses = '127.0.0.1'
            port = {Port}
            unix_socket_directories = ''
            max_connections = 300
            fsync = off

            """));
    }

    private string ConnectionString(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username=postgres;Password={Password};Database={database};Maximum Pool Size=32");

    private Task ControlAsync(string verb, params string[] arguments) => RunAsUserAsync(Path.Combine(Binaries, "pg_ctl"), [verb, "-D", DataPath, "-s", .. arguments]);

    // The server refuses to run as root.
    private bool WorksHere(string process)
    {
        try
        {
            return new DirectoryInfo($"{process}/cwd").LinkTarget == DataPath;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static Task RunAsUserAsync(string program, params string[] arguments) =>
        Environment.IsPrivilegedProcess ? RunAsync("runuser", ["-u", "postgres", "--", program, .. arguments]) : RunAsync(program, arguments);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync() + await output;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed: {errors}");
    }

    private static string FindBinaries()
    {
        var installed = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(folder => Path.Combine(folder, "bin")) : [];
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(':') ?? [];
        return path.Concat(installed).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")))
            ?? throw new InvalidOperationException("PostgreSQL is not installed: run tests/run.sh, or apt-get install postgresql.");
    }
}
