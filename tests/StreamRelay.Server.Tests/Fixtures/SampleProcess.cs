using System.Diagnostics;
using System.Runtime.CompilerServices;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Fixtures;

/// <summary>A C# sample as a process of its own, on a free port and with a folder of its own.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private SampleProcess(Process process, string folder, Uri address)
    {
        _process = process;
        _folder = folder;
        Client = new() { BaseAddress = address };
    }

    public HttpClient Client { get; }

    /// <summary>What the sample logged while it started, one entry a line.</summary>
    public List<string> Log { get; } = [];

    /// <summary>Runs what the build made of <c>tests/samples/</c><paramref name="sample"/> and waits until it listens.</summary>
    public static async Task<SampleProcess> StartAsync(string sample, string assembly, params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
        var address = new Uri($"http://127.0.0.1:{Loopback.FreePort()}");
        var program = Directory.EnumerateFiles(Path.Combine(Here(), "..", "..", "samples", sample, "bin"), assembly, SearchOption.AllDirectories).First();
        var process = Process.Start(new ProcessStartInfo("dotnet", [Path.GetFullPath(program), $"--urls={address}", $"--StreamRelay:DataPath={folder}", .. options])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        })!;
        var running = new SampleProcess(process, folder, address);
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Relay.Deadline) is { } line)
        {
            running.Log.Add(line);
            if (line.Contains("Application started", StringComparison.Ordinal))
                return running;
        }

        await running.DisposeAsync();
        throw new InvalidOperationException($"The sample ended:\n{string.Join('\n', running.Log)}");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
