using StreamRelay.Storage.Disk;

namespace StreamRelay.Storage.Crash;

/// <summary>An open file of a <see cref="CrashDisk"/>.</summary>
internal sealed class CrashFile(CrashDisk disk, CrashNode node) : IStorageFile
{
    private bool _closed;

    public long Length
    {
        get
        {
            lock (node)
                return node.Length;
        }
    }

    public int Read(Span<byte> buffer, long position)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        lock (node)
        {
            var count = (int)Math.Max(0, Math.Min(buffer.Length, node.Length - position));
            if (count > 0)
                node.Bytes.Slice((int)position, count).CopyTo(buffer);
            return count;
        }
    }

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        var copy = bytes.ToArray();
        try
        {
            disk.Do(() => Apply(() => node.Write(copy, position)));
        }
        catch (IOException) when (disk.OperationsLeft > 0 || disk.BreathesLast())
        {
            // A full disk writes the first part of the data, and so does a disk whose process is killed.
            lock (node)
                node.Write(copy.AsSpan(0, new Random(disk.Operations).Next(copy.Length)), position);
            throw;
        }
    }

    public void SetLength(long length) => disk.Do(() => Apply(() => node.SetLength(length)));

    public void Sync()
    {
        try
        {
            disk.Do(() => Apply(node.Sync));
        }
        catch (IOException) when (disk.OperationsLeft > 0)
        {
            lock (node)
                node.FailSync(new Random(disk.Operations));
            throw;
        }
    }

    public void Dispose()
    {
        if (!_closed)
            disk.OpenFiles--;
        _closed = true;
    }

    private bool Apply(Action change)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        lock (node)
            change();
        return true;
    }
}
