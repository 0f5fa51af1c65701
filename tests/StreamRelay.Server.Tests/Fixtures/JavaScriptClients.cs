using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace StreamRelay.Server.Fixtures;

/// <summary>The folder of the JavaScript clients, with their packages installed.</summary>
internal static class JavaScriptClients
{
    public static string Folder { get; } = Install();

    private static string Install([CallerFilePath] string here = "")
    {
        var folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "clients"));
        if (File.Exists(Path.Combine(folder, "node_modules", ".package-lock.json")))
            return folder;

        using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund"]) { WorkingDirectory = folder })!;
        npm.WaitForExit();
        return npm.ExitCode == 0 ? folder : throw new InvalidOperationException($"npm ci failed in {folder}.");
    }
}
