using System.Diagnostics;
using StreamRelay.TestSupport;

namespace StreamRelay.Benchmarks.Http;

/// <summary>A server in a process of its own, so that its processor time can be read.</summary>
internal sealed class MeasuredServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private MeasuredServer(Process process, string name, Uri address)
    {
        _process = process;
        Name = name;
        Client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1024 }) { BaseAddress = address };
    }

    public string Name { get; }

    public HttpClient Client { get; }

    /// <summary>The processor time that the server has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a program, and waits until it answers at <paramref name="path"/> with any status.</summary>
    /// <param name="name">What the report calls it.</param>
    /// <param name="path">A path that it serves.</param>
    /// <param name="start">The program, for a port on the loopback address.</param>
    public static async Task<MeasuredServer> StartAsync(string name, string path, Func<int, ProcessStartInfo> start)
    {
        var port = Loopback.FreePort();
        var info = start(port);
        info.RedirectStandardOutput = info.RedirectStandardError = true;
        var process = Process.Start(info) ?? throw new InvalidOperationException($"{name} did not start.");
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new MeasuredServer(process, name, new($"http://127.0.0.1:{port}"));
        await Wait.UntilAsync(() => server.AnswersAsync(path), StartTime, $"{name} answers");
        return server;
    }

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> AnswersAsync(string path)
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"{Name} ended with code {_process.ExitCode}.");

        try
        {
            using var answer = await Client.GetAsync(new Uri(path, UriKind.Relative));
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
