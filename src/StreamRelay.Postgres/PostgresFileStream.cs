using System.Data;
using Npgsql;

namespace StreamRelay.Postgres;

/// <summary>Reads a file row by row, with one row in memory. Reading fails when the file was replaced or deleted; content of another file is never returned.</summary>
internal sealed class PostgresFileStream(PostgresDatabase database, Guid file, long length) : Stream
{
    private readonly byte[] _chunk = new byte[Math.Min(length, PostgresFileStore.ChunkBytes)];
    private long _number = -1;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value < 0 ? throw new IOException("The position must not be negative.") : value;
    }

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = offset + (origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => _position, _ => length });

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= length || buffer.IsEmpty)
            return 0;

        var (number, start) = Math.DivRem(_position, PostgresFileStore.ChunkBytes);
        var bytes = (int)Math.Min(length - (number * PostgresFileStore.ChunkBytes), PostgresFileStore.ChunkBytes);
        await LoadAsync(number, bytes, cancellationToken);
        var count = (int)Math.Min(bytes - start, buffer.Length);
        _chunk.AsSpan((int)start, count).CopyTo(buffer.Span);
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // The read runs on another thread, because its continuation may need the caller's thread, which is blocked.
    public override int Read(byte[] buffer, int offset, int count) => Task.Run(() => ReadAsync(buffer, offset, count)).GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask LoadAsync(long number, int bytes, CancellationToken cancellationToken)
    {
        if (number == _number)
            return;

        _number = -1;
        await database.RunAsync(async (connection, _) =>
        {
            await using var command = new NpgsqlCommand("select bytes from streamrelay.chunks where file = @file and number = @number", connection);
            command.Parameters.AddWithValue("file", file);
            command.Parameters.AddWithValue("number", (int)number);
            await using var row = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
            if (!await row.ReadAsync(cancellationToken))
                throw new IOException("The file was replaced or deleted while it was being read.");

            await using var content = await row.GetStreamAsync(0, cancellationToken);
            await content.ReadExactlyAsync(_chunk.AsMemory(0, bytes), cancellationToken);
            return true;
        }, cancellationToken);
        _number = number;
    }
}
