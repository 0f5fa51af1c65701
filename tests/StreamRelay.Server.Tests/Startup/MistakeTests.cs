using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Startup;

/// <summary>Mistakes of somebody who starts the server for the first time, in the real program: each ends with the one line of <c>mistakes.txt</c> that says the way out.</summary>
public sealed partial class MistakeTests : IDisposable
{
    private const string Prompt = "$ streamrelay ";

    // Programs that start at once take the processor from each other.
    private const int AtOnce = 2;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streamrelay-");
    private readonly TcpListener _used = new(IPAddress.Loopback, 0);

    [Fact]
    public async Task Each_mistake_ends_the_start_with_its_correction()
    {
        _used.Start();
        var port = $":{((IPEndPoint)_used.LocalEndpoint).Port}";
        var golden = (await File.ReadAllTextAsync(Path.Combine(Here(), "mistakes.txt"))).Replace(":USED", port, StringComparison.Ordinal);
        var commands = golden.Split('\n').Where(line => line.StartsWith(Prompt, StringComparison.Ordinal)).ToArray();
        var printed = new string[commands.Length];
        await Parallel.ForAsync(0, commands.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (index, _) =>
            printed[index] = $"{commands[index]}\n{await StartAsync(commands[index][Prompt.Length..].Split(' '))}");

        Assert.Equal(golden, string.Join('\n', printed));
    }

    public void Dispose()
    {
        _used.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <returns>What the program printed, without the times of the log.</returns>
    private async Task<string> StartAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["StreamRelay__DataPath"] = _folder.CreateSubdirectory(Guid.NewGuid().ToString()).FullName;
        using var server = Process.Start(start)!;
        var errors = server.StandardError.ReadToEndAsync();
        var output = await server.StandardOutput.ReadToEndAsync().WaitAsync(Relay.Deadline) + await errors;
        await server.WaitForExitAsync().WaitAsync(Relay.Deadline);
        return $"{TimeOfLog().Replace(output, "")}{(server.ExitCode == 1 ? "" : $"[exit code {server.ExitCode}]")}";
    }

    [GeneratedRegex(@"^[0-9:.]+ FTL ")]
    private static partial Regex TimeOfLog();

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
