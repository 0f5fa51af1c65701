using System.Diagnostics;
using StreamRelay.Docs.Blocks;
using StreamRelay.Docs.Pages;

namespace StreamRelay.Docs;

/// <summary>What all pages share: the compiled C# blocks, the servers of others, and the packages of the JavaScript clients.</summary>
public sealed class DocsFixture : IAsyncLifetime
{
    private static readonly Lazy<Task> Packages = new(InstallAsync);

    internal static CSharpPrograms Programs { get; } = new();

    internal static SharedServers Servers { get; } = new();

    public Task InitializeAsync() => Packages.Value;

    public Task DisposeAsync() => Task.CompletedTask;

    private static async Task InstallAsync()
    {
        var clients = Path.Combine(Repository.Root, "tests", "clients");
        if (File.Exists(Path.Combine(clients, "node_modules", ".package-lock.json")))
            return;

        using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund"]) { WorkingDirectory = clients })!;
        await npm.WaitForExitAsync();
        Assert.Equal(0, npm.ExitCode);
    }
}
