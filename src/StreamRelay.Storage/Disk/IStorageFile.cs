namespace StreamRelay.Storage.Disk;

/// <summary>An open file. Reads are safe from any thread, also while another thread disposes it: they then throw <see cref="ObjectDisposedException"/>.</summary>
internal interface IStorageFile : IDisposable
{
    /// <summary>Its length in bytes.</summary>
    long Length { get; }

    /// <summary>Reads at a position.</summary>
    /// <returns>Bytes read; 0 at the end.</returns>
    int Read(Span<byte> buffer, long position);

    /// <summary>Hands all of <paramref name="bytes"/> to the operating system.</summary>
    void Write(ReadOnlySpan<byte> bytes, long position);

    /// <summary>Cuts the file, or extends it with zeros.</summary>
    void SetLength(long length);

    /// <summary>Forces what was written onto the disk. After an exception nothing is known about what was written since the last success.</summary>
    void Sync();
}
