using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace StreamRelay.Agents.Process;

/// <summary>Asks the system about a pipe without waiting.</summary>
internal static partial class PipePoll
{
    private const short CanRead = 1;

    /// <summary>Whether the pipe holds bytes, so that a read returns at once. Outside of Linux it always answers no.</summary>
    public static bool HasBytes(Stream pipe)
    {
        if (!OperatingSystem.IsLinux() || pipe is not PipeStream stream)
            return false;

        var request = new Request { Descriptor = (int)stream.SafePipeHandle.DangerousGetHandle(), Wanted = CanRead };
        return Poll(ref request, 1, 0) > 0 && (request.Found & CanRead) != 0;
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref Request requests, nuint count, int timeoutMilliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct Request
    {
        public int Descriptor;
        public short Wanted;
        public short Found;
    }
}
