using System.Diagnostics;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Fixtures;

/// <summary>The command <c>dotnet</c>.</summary>
internal static class Dotnet
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>Runs a command to its end, which must be a good one.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(string folder, params string[] arguments)
    {
        using var dotnet = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,

            // Servers of the build that stay would keep the streams open.
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false" },
        })!;
        var printed = Task.WhenAll(dotnet.StandardOutput.ReadToEndAsync(), dotnet.StandardError.ReadToEndAsync());
        try
        {
            await dotnet.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            dotnet.Kill(entireProcessTree: true);
        }

        var output = string.Join('\n', await printed.WaitAsync(Relay.Deadline));
        Assert.True(dotnet.HasExited && dotnet.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}:\n{output}");
        return output;
    }
}
