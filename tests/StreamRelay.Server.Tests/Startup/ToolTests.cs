using System.Diagnostics;
using System.Runtime.CompilerServices;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Startup;

/// <summary>The server as a tool of .NET, packed, installed from a folder and started.</summary>
public sealed class ToolTests : IDisposable
{
    private static readonly string Project = Path.GetFullPath(Path.Combine(Here(), "..", "..", "..", "src", "StreamRelay.Server"));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streamrelay-");

    [Fact]
    public async Task The_installed_tool_serves_the_pages_and_an_agent()
    {
        var (feed, tools) = (Path.Combine(_folder.FullName, "feed"), Path.Combine(_folder.FullName, "tools"));
        await Dotnet.RunAsync(_folder.FullName, "pack", Project, "-c", "Debug", "--no-build", "-o", feed);
        await Dotnet.RunAsync(_folder.FullName, "tool", "install", "StreamRelay", "--tool-path", tools, "--source", feed);
        var address = new Uri($"http://127.0.0.1:{Loopback.FreePort()}");
        using var server = Start(Path.Combine(tools, "streamrelay"), $"--urls={address}", $"--StreamRelay:DataPath={_folder.FullName}/data");
        try
        {
            while (await server.StandardOutput.ReadLineAsync().WaitAsync(Relay.Deadline) is { } line && !line.Contains("Application started", StringComparison.Ordinal))
                continue;

            using var client = new HttpClient { BaseAddress = address };
            Assert.Contains("<!doctype html>", await client.GetStringAsync("/"));
            using var answer = await client.PostAsync("/v1/chat/completions", RelayApp.Json("""{"model":"write_tutorial","stream":true,"messages":[{"role":"user","content":"MySQL"}]}"""));
            Assert.EndsWith("data: [DONE]\n\n", await answer.Content.ReadAsStringAsync());
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Process Start(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
