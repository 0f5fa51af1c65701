using System.Diagnostics;
using System.Globalization;
using StreamRelay.TestSupport;

namespace StreamRelay.Cluster;

/// <summary>A StreamRelay server in a process of its own, which reaches Redis through a proxy of its own.</summary>
internal sealed class ClusterNode(int number, int redis, IReadOnlyDictionary<string, string?> settings) : IAsyncDisposable
{

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly string _folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
    private readonly Queue<string> _output = new();
    private Process? _process;
    private int _starts;
    private volatile bool _isThere;

    public HoldingProxy Redis { get; } = new(redis);

    /// <summary>The name of the node in the cluster. It changes with each start.</summary>
    public string Name { get; private set; } = "";

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Whether clients should be able to use it.</summary>
    public bool IsThere => _isThere;

    /// <summary>The number of faults that this process has had.</summary>
    public int Disturbances { get; private set; }

    public async Task StartAsync()
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"n{number}-{++_starts}");
        Address = new($"http://127.0.0.1:{Loopback.FreePort()}");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["StreamRelay__Agents__probe__Type"] = "probe";
        string[] own = [$"--urls={Address}", $"--StreamRelay:DataPath={_folder}", $"--StreamRelay:Cluster:Node={Name}", $"--ConnectionStrings:Redis=127.0.0.1:{Redis.Port}"];
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "StreamRelay.Server.dll"), .. own, .. settings.Select(setting => $"--{setting.Key}={setting.Value}")])
            start.ArgumentList.Add(argument);

        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process?.Dispose();
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => OnLine(line.Data, listening);
        _process.ErrorDataReceived += (_, line) => OnLine(line.Data ?? "", listening);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await listening.Task.WaitAsync(Deadline);
        _isThere = true;
    }

    /// <summary>Kills the process with SIGKILL.</summary>
    public async Task KillAsync()
    {
        Leave();
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks the process to shut down, and waits until it has.</summary>
    public async Task EndAsync()
    {
        Leave();
        _process!.Send(UnixSignal.Terminate);
        await _process!.WaitForExitAsync().WaitAsync(Deadline);
    }

    /// <summary>Pauses the process. Its connections stay open, and it answers nothing.</summary>
    public void Freeze()
    {
        Leave();
        _process!.Send(UnixSignal.Stop);
    }

    /// <summary>Resumes the process.</summary>
    public void Thaw()
    {
        _process!.Send(UnixSignal.Continue);
        _isThere = true;
    }

    /// <summary>The last lines of its output.</summary>
    public string Output()
    {
        lock (_output)
            return string.Join('\n', _output);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await KillAsync();

        _process?.Dispose();
        await Redis.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void Leave()
    {
        _isThere = false;
        Disturbances++;
    }

    private void OnLine(string? line, TaskCompletionSource listening)
    {
        if (line?.Contains(" INF GET ", StringComparison.Ordinal) is true || line?.Contains(" INF POST ", StringComparison.Ordinal) is true)
            return;

        lock (_output)
        {
            _output.Enqueue($"{Name}: {line}");
            if (_output.Count > 200)
                _output.Dequeue();
        }

        if (line is null)
            listening.TrySetException(new InvalidOperationException($"The server ended:\n{Output()}"));
        else if (line.Contains("Application started", StringComparison.Ordinal))
            listening.TrySetResult();
    }
}
