namespace StreamRelay.Storage.Disk;

/// <summary>An open file. Any thread can read it. A read throws <see cref="ObjectDisposedException"/> when another thread has disposed the file.</summary>
internal interface IStorageFile : IDisposable
{
    /// <summary>The length of the file in bytes.</summary>
    long Length { get; }

    /// <summary>Reads bytes at a position.</summary>
    /// <returns>The number of bytes read; 0 at the end of the file.</returns>
    int Read(Span<byte> buffer, long position);

    /// <summary>Passes all of <paramref name="bytes"/> to the operating system.</summary>
    void Write(ReadOnlySpan<byte> bytes, long position);

    /// <summary>Truncates the file, or extends it with zeros.</summary>
    void SetLength(long length);

    /// <summary>Flushes the written bytes to the disk. After an exception it is unknown which of the bytes since the last successful call are on the disk.</summary>
    void Sync();
}
