using Microsoft.Win32.SafeHandles;

namespace StreamRelay.Storage.Disk;

internal sealed class PhysicalFile(SafeFileHandle handle) : IStorageFile
{
    public long Length => RandomAccess.GetLength(handle);

    public int Read(Span<byte> buffer, long position) => RandomAccess.Read(handle, buffer, position);

    public void Write(ReadOnlySpan<byte> bytes, long position) => RandomAccess.Write(handle, bytes, position);

    public void SetLength(long length) => RandomAccess.SetLength(handle, length);

    public void Sync() => RandomAccess.FlushToDisk(handle);

    public void Dispose() => handle.Dispose();
}
