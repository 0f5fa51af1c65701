using System.Runtime.CompilerServices;

namespace StreamRelay.Server.Packages;

/// <summary>A folder with the packages of all projects below <c>src</c>, and beside it copies of the projects that use them: <c>tests/samples/packaged</c>.</summary>
public sealed class PackageFeed : IAsyncLifetime
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "..", "..", ".."));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streamrelay-");

    /// <summary>The folder that holds <c>feed</c> and the projects.</summary>
    public string Folder => _folder.FullName;

    public async Task InitializeAsync()
    {
        FolderCopy.Copy(Path.Combine(Root, "tests", "samples", "packaged"), Folder);
        await Dotnet.RunAsync(Root, "pack", "StreamRelay.sln", "-c", "Debug", "--no-build", "-o", Path.Combine(Folder, "feed"));
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
