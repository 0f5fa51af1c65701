using System.Diagnostics;

namespace StreamRelay.Server.Fixtures;

/// <summary>A small file system of its own, which a test can fill.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private static readonly byte[] Block = new byte[4096];

    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    private string Filler => System.IO.Path.Combine(Path, "filler");

    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        Assert.True(Environment.IsPrivilegedProcess, "This test mounts a file system. Run it as root.");
        var path = Directory.CreateTempSubdirectory("streamrelay-").FullName;
        await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "none", path);
        return new(path);
    }

    /// <summary>Takes all space that is left.</summary>
    public void Fill()
    {
        using var file = File.OpenHandle(Filler, FileMode.OpenOrCreate, FileAccess.Write);
        try
        {
            for (var position = RandomAccess.GetLength(file); ; position += Block.Length)
                RandomAccess.Write(file, Block, position);
        }
        catch (IOException)
        {
            // The disk is full.
        }
    }

    /// <summary>Gives the space back.</summary>
    public void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", "--lazy", Path);
        Directory.Delete(Path);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {error}");
    }
}
