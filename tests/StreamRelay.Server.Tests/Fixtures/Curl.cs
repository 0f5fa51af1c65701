using System.Diagnostics;

namespace StreamRelay.Server.Fixtures;

/// <summary>A client whose exit code shows how a transfer ended.</summary>
internal static class Curl
{
    public static async Task<(int Exit, string Output)> RunAsync(params string[] arguments)
    {
        using var curl = Process.Start(new ProcessStartInfo("curl", ["-s", "-S", "--max-time", "30", .. arguments]) { RedirectStandardOutput = true })!;
        var output = await curl.StandardOutput.ReadToEndAsync();
        await curl.WaitForExitAsync();
        return (curl.ExitCode, output);
    }
}
