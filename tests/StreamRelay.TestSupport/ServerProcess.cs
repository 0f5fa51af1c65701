using System.Diagnostics;
using System.Text;

namespace StreamRelay.TestSupport;

/// <summary>The server in a process of its own, so that it can be killed.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output;

    private ServerProcess(Process process, StringBuilder output, Uri address)
    {
        (_process, _output) = (process, output);
        Client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1000 }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public HttpClient Client { get; }

    /// <summary>The id of the process.</summary>
    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Everything that it has written to the console.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static Task<ServerProcess> StartAsync(string folder, params string[] options) => StartAsync(folder, null, options);

    /// <summary>Starts the server with a limit of its open files, sockets included.</summary>
    public static Task<ServerProcess> StartAsync(string folder, int openFiles, params string[] options) => StartAsync(folder, (int?)openFiles, options);

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Ends the process as a supervisor does, so that it writes what it has to write.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        _process.Send(UnixSignal.Terminate);
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
            await KillAsync();

        _process.Dispose();
    }

    private static async Task<ServerProcess> StartAsync(string folder, int? openFiles, string[] options)
    {
        var stores = (await SharedStores.ForAsync(folder)).Select(setting => $"--{setting.Key}={setting.Value}");
        var address = new Uri($"http://127.0.0.1:{Loopback.FreePort()}");
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment["StreamRelay__Agents__probe__Type"] = "probe";
        var limit = openFiles is null ? "" : $"ulimit -n {openFiles} && ";
        var program = Path.Combine(AppContext.BaseDirectory, "StreamRelay.Server.dll");
        foreach (var argument in (string[])["-c", $"{limit}exec dotnet \"$@\"", "dotnet", program, $"--urls={address}", $"--StreamRelay:DataPath={folder}", .. stores, .. options])
            start.ArgumentList.Add(argument);

        var process = Process.Start(start)!;
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) =>
        {
            OnLine(line.Data);
            if (line.Data?.Contains("Application started", StringComparison.Ordinal) is true)
                listening.TrySetResult();
        };
        process.ErrorDataReceived += (_, line) => OnLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Task.WhenAny(listening.Task, process.WaitForExitAsync()).WaitAsync(TimeSpan.FromSeconds(60));
        return listening.Task.IsCompleted ? new(process, output, address) : throw new InvalidOperationException($"The server ended:\n{output}");

        void OnLine(string? line)
        {
            lock (output)
                output.AppendLine(line);
        }
    }
}
