using System.Runtime.InteropServices;

namespace StreamRelay.AspNetCore.Limits.Connections;

/// <summary>The descriptors that the operating system lets this process open. The runtime ends the process when there are none left for itself.</summary>
internal static partial class DescriptorLimit
{
    private const int MaxOpenFiles = 7;
    private const string OpenDescriptors = "/proc/self/fd";

    /// <summary>The descriptors that are free now; <see langword="null"/> where the system does not limit them or does not say.</summary>
    public static long? CountFree()
    {
        if (!OperatingSystem.IsLinux() || GetLimit(MaxOpenFiles, out var limit) != 0 || limit.Current > long.MaxValue)
            return null;

        return Math.Max(0, (long)limit.Current - Directory.EnumerateFileSystemEntries(OpenDescriptors).Count());
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Current;
        public ulong Most;
    }
}
