using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StreamRelay.TestSupport;

namespace StreamRelay.Load;

/// <summary>The real server with a budget of memory, the keys of two owners, and limits for the requests of the attacker's key and the events of each task.</summary>
internal sealed class AttackedServer : IAsyncDisposable
{
    /// <summary>The memory that the process may use: four times what its tasks and readers may, as on a machine of that size.</summary>
    public const long MemoryBytes = 1L << 30;

    public const string VictimKey = "the-key-of-the-victim-0123456789";
    public const string AttackerKey = "the-key-of-the-attacker-0123456789";

    /// <summary>Another key of the attacker, with which the attack is observed.</summary>
    public const string ObserverKey = "the-key-of-the-observer-0123456789";

    /// <summary>Tasks of one owner that may wait: fewer than the attacker starts.</summary>
    private const int MaxQueued = 2000;

    private readonly string _folder;
    private readonly ServerProcess _process;

    private AttackedServer(string folder, ServerProcess process)
    {
        (_folder, _process) = (folder, process);

        // Connections that are kept open would count as descriptors that do not come back.
        process.Client.DefaultRequestHeaders.ConnectionClose = true;
        process.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ObserverKey);
    }

    public IPEndPoint EndPoint => new(IPAddress.Loopback, _process.Client.BaseAddress!.Port);

    /// <summary>Everything that the server has written to the console.</summary>
    public string Output => _process.Output;

    /// <summary>The descriptors that the process has open.</summary>
    public int Descriptors => Directory.EnumerateFileSystemEntries($"/proc/{_process.Id}/fd").Count();

    /// <summary>The most memory that the process ever had.</summary>
    public long PeakBytes => StatusBytes("VmHWM:");

    public static async Task<AttackedServer> StartAsync(int descriptors)
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
        return new(folder, await ServerProcess.StartAsync(
            folder,
            descriptors,
            $"--StreamRelay:Streams:MemoryBytes={MemoryBytes / 4}",
            $"--StreamRelay:Streams:MaxQueuedTasksPerOwner={MaxQueued}",
            "--StreamRelay:Streams:MaxTaskBytes=10000000000",
            "--StreamRelay:Auth:Keys:0:Owner=victim",
            $"--StreamRelay:Auth:Keys:0:Hash={Hash(VictimKey)}",
            "--StreamRelay:Auth:Keys:1:Owner=attacker",
            $"--StreamRelay:Auth:Keys:1:Hash={Hash(AttackerKey)}",
            "--StreamRelay:Auth:Keys:1:RequestsPerMinute=3000",
            "--StreamRelay:Auth:Keys:2:Owner=attacker",
            $"--StreamRelay:Auth:Keys:2:Hash={Hash(ObserverKey)}",
            "--StreamRelay:Streams:MaxEventsPerSecond=100",
            "--Serilog:MinimumLevel:Default=Warning",
            "--Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime=Information"));
    }

    /// <summary>The number of the attacker's tasks in a state, up to 200.</summary>
    public async Task<int> CountTasksAsync(string state)
    {
        var list = await _process.Client.GetFromJsonAsync<JsonElement>($"/v1/tasks?state={state}&limit=200");
        return list.GetProperty("data").GetArrayLength();
    }

    /// <summary>Stops a task of the attacker.</summary>
    public async Task StopTaskAsync(string id) => (await _process.Client.PostAsync($"/v1/tasks/{id}/stop", null)).Dispose();

    /// <summary>Ends the server as a supervisor does.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> TerminateAsync() => _process.TerminateAsync().WaitAsync(Relay.Deadline);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private long StatusBytes(string name)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").Single(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) << 10;
    }
}
