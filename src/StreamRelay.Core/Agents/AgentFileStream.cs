using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Files;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Agents;

/// <summary>A file of a task that is written in pieces, from <see cref="AgentContext.CreateFile"/> until <see cref="CompleteAsync"/>.
/// Disposed without that, nothing of it is stored. Not safe for concurrent use.</summary>
/// <remarks>What is written goes to the store at once, a few pieces at the most wait in memory. While it is written, an event <c>data</c> with the name <c>file_progress</c>
/// has the name and the bytes so far, at most once a second. A write throws <see cref="AgentException"/> with the code <c>file_limit</c> when the file
/// exceeds a limit of <see cref="FileQuotaOptions"/>, and <see cref="IOException"/> when the store fails. A write that is cancelled may have written a part: <see cref="Length"/> has it.
/// A <see cref="StreamWriter"/> disposes the stream, and the file is not completed then, unless <c>leaveOpen</c> is <see langword="true"/>.</remarks>
public sealed class AgentFileStream : Stream
{
    private const int PieceBytes = 16 << 10;

    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(1);

    private readonly Pipe _pipe = new();
    private readonly AgentContext _context;
    private readonly string _name;
    private readonly Task<StoredFile> _stored;
    private long _length;
    private long _reportedAt;
    private bool _isClosed;
    private bool _isDiscarded;

    internal AgentFileStream(AgentContext context, string name, Func<Stream, Task<StoredFile>> store)
    {
        (_context, _name, _reportedAt) = (context, name, context.Time.GetTimestamp());
        _stored = StoreAsync(store);
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => !_isClosed;

    /// <summary>The bytes written.</summary>
    public override long Length => _length;

    /// <summary>The bytes written.</summary>
    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <summary>Ends the file. On return it is stored whole, with its task, and a <c>file</c> event with its URL is published.</summary>
    /// <exception cref="InvalidOperationException">It was disposed before, or completed.</exception>
    /// <exception cref="AgentException">It exceeds a limit of <see cref="FileQuotaOptions"/>, with the other files that were stored meanwhile; the code is <c>file_limit</c>.</exception>
    /// <exception cref="PublishException">The task has ended, and nothing is stored; or the event was not accepted.</exception>
    public async ValueTask<StoredFile> CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (_isDiscarded)
            throw new InvalidOperationException($"The file '{_name}' was disposed before it was completed, so nothing of it is stored. A writer around it needs leaveOpen: true.");

        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_isClosed, this);
        _isClosed = true;
        await _pipe.Writer.CompleteAsync();
        var file = await _stored;
        await _context.PublishAsync(TaskEvents.File(_context.Request, file), cancellationToken);
        return file;
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        while (!buffer.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var piece = buffer[..Math.Min(buffer.Length, PieceBytes)];
            _pipe.Writer.Write(piece.Span);
            _length += piece.Length;
            buffer = buffer[piece.Length..];
            if ((await _pipe.Writer.FlushAsync(cancellationToken)).IsCompleted)
                await _stored;
        }

        Report();
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Does nothing: each write goes to the store.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Removes what was written, unless the file was completed.</summary>
    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            CloseAsync().GetAwaiter().GetResult();

        base.Dispose(disposing);
    }

    private async Task CloseAsync()
    {
        if (!_isClosed)
        {
            _isClosed = _isDiscarded = true;
            await _pipe.Writer.CompleteAsync(new OperationCanceledException($"The file '{_name}' was not completed."));
        }

        await ((Task)_stored).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _context.Remove(this);
    }

    private async Task<StoredFile> StoreAsync(Func<Stream, Task<StoredFile>> store)
    {
        try
        {
            return await store(_pipe.Reader.AsStream(leaveOpen: true));
        }
        finally
        {
            // Without this, a write that waits for room would wait for ever after a failure of the store.
            await _pipe.Reader.CompleteAsync();
        }
    }

    private void Report()
    {
        if (_context.Time.GetElapsedTime(_reportedAt) < BetweenReports)
            return;

        _reportedAt = _context.Time.GetTimestamp();
        _context.TryPublish(AgentEvents.Data("file_progress", JsonSerializer.SerializeToElement(new { name = _name, bytes = _length })));
    }
}
