using System.ComponentModel;
using System.Runtime.InteropServices;

namespace StreamRelay.Storage.Disk;

/// <summary>Calls fsync on a folder, which the base class library cannot open. Does nothing on Windows, where the file system needs no such call.</summary>
internal static partial class FolderSync
{
    private const int NoSuchFile = 2;

    public static void Run(string path)
    {
        if (OperatingSystem.IsWindows())
            return;

        var descriptor = Open(path, 0);
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == NoSuchFile)
            return;
        if (descriptor < 0)
            throw Failure(path);

        try
        {
            if (Sync(descriptor) != 0)
                throw Failure(path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string path)
    {
        var error = new Win32Exception(Marshal.GetLastPInvokeError());
        return new($"The entries of the folder '{path}' could not be flushed to the disk: {error.Message}.", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
