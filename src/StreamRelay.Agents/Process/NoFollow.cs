using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace StreamRelay.Agents.Process;

/// <summary>Opens files without following a link and without waiting for the other end of a pipe.</summary>
internal static partial class NoFollow
{
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    // O_NOFOLLOW has another value on Arm.
    private static readonly int DoNotFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <returns>The handle, or <see langword="null"/> when the path is a link or cannot be opened.</returns>
    public static SafeFileHandle? Open(string path)
    {
        if (!OperatingSystem.IsLinux())
            return new FileInfo(path) is { LinkTarget: null, Exists: true } ? File.OpenHandle(path) : null;

        var handle = OpenFile(path, NonBlocking | CloseOnExec | DoNotFollow);
        if (!handle.IsInvalid)
            return handle;

        handle.Dispose();
        return null;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFile(string path, int flags);
}
