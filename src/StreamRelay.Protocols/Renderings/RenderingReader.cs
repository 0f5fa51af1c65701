using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using StreamRelay.Protocols.Sse;

namespace StreamRelay.Protocols.Renderings;

/// <summary>A response that is read from a rendering: a byte position in it, and the one writer of the response. Its state is used in the turns of its rendering only.</summary>
public sealed class RenderingReader
{
    private readonly ReaderConnection _connection;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource<StreamOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ValueTaskAwaiter<FlushResult> _pending;
    private Action? _writeDone;
    private Rendering? _owner;
    private long _lastWrite;
    private volatile bool _disconnected;
    private bool _stalled;
    private volatile bool _released;

    internal RenderingReader(ReaderConnection connection, ResumePoint seen, TimeProvider time)
    {
        (_connection, Seen, _time) = (connection, seen, time);
        _lastWrite = time.GetTimestamp();
    }

    /// <summary>Completes when the reader has ended, with the reason; nothing is written to its response after that.</summary>
    public Task<StreamOutcome> Completion => _completion.Task;

    /// <summary>The rendering in whose turns it is used; <see langword="null"/> when it has ended.</summary>
    internal Rendering? Owner
    {
        get => Volatile.Read(ref _owner);
        set => Volatile.Write(ref _owner, value);
    }

    /// <summary>What the client had seen before this response.</summary>
    internal ResumePoint Seen { get; }

    /// <summary>The next byte to write; -1 until it is known.</summary>
    internal long Position { get; set; } = -1;

    /// <summary>Whether the last byte written is not the end of a frame.</summary>
    internal bool IsInsideFrame { get; private set; }

    /// <summary>Whether a write has not finished yet.</summary>
    internal bool IsWriting { get; private set; }

    /// <summary>Whether it has written every frame so far and waits for more.</summary>
    internal bool IsWaiting { get; set; }

    /// <summary>The reason to end it now, or <see langword="null"/>.</summary>
    internal StreamOutcome? Ending => _stalled ? StreamOutcome.Stalled : _disconnected ? StreamOutcome.Disconnected : _released && !IsInsideFrame ? StreamOutcome.Released : null;

    /// <summary>How long ago the last write began.</summary>
    internal TimeSpan Silence => _time.GetElapsedTime(_lastWrite);

    /// <summary>Ends the reader: the client has disconnected. From any thread.</summary>
    public void Disconnect()
    {
        _disconnected = true;
        Owner?.Enqueue(this);
    }

    /// <summary>Ends the reader at the end of a frame. From any thread.</summary>
    public void Release()
    {
        _released = true;
        Owner?.Enqueue(this);
    }

    /// <summary>Cuts the connection of a client that takes nothing; the pending write then fails, and the reader ends.</summary>
    internal void Stall()
    {
        if (_stalled)
            return;

        _stalled = true;
        _connection.Abort();
    }

    internal void Complete(StreamOutcome outcome) => _completion.TrySetResult(outcome);

    /// <summary>Writes bytes to the response.</summary>
    /// <returns><see langword="false"/> when the write is pending: its rendering gets the reader back when it has finished.</returns>
    internal bool TryWrite(ReadOnlyMemory<byte> bytes)
    {
        _lastWrite = _time.GetTimestamp();
        IsInsideFrame = !bytes.Span.EndsWith("\n\n"u8);
        IsWriting = true;
#pragma warning disable CA2012 // Consumed exactly once, in TryFinishWrite
        _pending = WriteAsync(bytes).GetAwaiter();
#pragma warning restore CA2012
        if (_pending.IsCompleted)
            return TryFinishWrite();

        _pending.UnsafeOnCompleted(_writeDone ??= () => Owner?.Enqueue(this));
        return false;
    }

    /// <summary>Finishes the pending write, if any.</summary>
    /// <returns><see langword="false"/> while it is still pending.</returns>
    internal bool TryFinishWrite()
    {
        if (!IsWriting)
            return true;
        if (!_pending.IsCompleted)
            return false;

        IsWriting = false;
        var pending = _pending;
        _pending = default;
        try
        {
            _disconnected |= pending.GetResult().IsCompleted;
        }
        catch (Exception)
        {
            // Whatever a response throws when it is written to, its client has disconnected.
            _disconnected = true;
        }

        return true;
    }

    private ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return _connection.Output.WriteAsync(bytes, CancellationToken.None);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<FlushResult>(exception);
        }
    }
}
