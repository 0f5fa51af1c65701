using StreamRelay.Storage.Disk;

namespace StreamRelay.Storage.Journal;

/// <summary>A file in memory that is read only.</summary>
internal sealed class MemoryFile(byte[] bytes) : IStorageFile
{
    public long Length => bytes.Length;

    public int Read(Span<byte> buffer, long position)
    {
        var count = (int)Math.Clamp(bytes.Length - position, 0, buffer.Length);
        bytes.AsSpan((int)position, count).CopyTo(buffer);
        return count;
    }

    public void Write(ReadOnlySpan<byte> bytes, long position) => throw new NotSupportedException();

    public void SetLength(long length) => throw new NotSupportedException();

    public void Sync() => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
