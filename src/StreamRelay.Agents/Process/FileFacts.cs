using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace StreamRelay.Agents.Process;

/// <summary>What the system knows of an open file, whatever its path means by now.</summary>
internal static partial class FileFacts
{
    private const int EmptyPath = 0x1000;
    private const uint BasicFields = 0x7FF;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>Whether the file is a regular one, and no other name of a file that belongs to another user than the given one.
    /// A device, a pipe or a socket may have no end.</summary>
    public static bool IsRegularOf(SafeFileHandle file, uint user)
    {
        if (!OperatingSystem.IsLinux())
            return true;

        return ReadFacts(file, "", EmptyPath, BasicFields, out var facts) == 0
            && (facts.Mode & TypeMask) == RegularFile
            && (facts.Links == 1 || facts.User == user);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ReadFacts(SafeFileHandle folder, string path, int flags, uint fields, out Facts facts);

    // The layout of struct statx is the same on every architecture.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Facts
    {
        [FieldOffset(16)]
        public uint Links;

        [FieldOffset(20)]
        public uint User;

        [FieldOffset(28)]
        public ushort Mode;
    }
}
