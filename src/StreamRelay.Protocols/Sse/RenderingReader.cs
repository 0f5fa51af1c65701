using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace StreamRelay.Protocols.Sse;

/// <summary>One response: a byte position in a rendering. A small state machine that only its rendering's turn touches; the one writer of its response.</summary>
internal sealed class RenderingReader(ReaderConnection connection, ResumePoint seen, TimeProvider time)
{
    private readonly TaskCompletionSource<StreamOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ValueTaskAwaiter<FlushResult> _pending;
    private Action? _writeDone;
    private Rendering? _owner;
    private long _lastWrite = time.GetTimestamp();
    private volatile bool _leaving;
    private bool _stalled;
    private volatile bool _released;

    /// <summary>The rendering whose turn may touch it; <see langword="null"/> when it is done.</summary>
    public Rendering? Owner
    {
        get => Volatile.Read(ref _owner);
        set => Volatile.Write(ref _owner, value);
    }

    /// <summary>What was seen before this response.</summary>
    public ResumePoint Seen => seen;

    /// <summary>The next byte to write; -1 until it is known.</summary>
    public long Position { get; set; } = -1;

    /// <summary>Whether the last byte written is not the end of a frame.</summary>
    public bool IsInsideFrame { get; private set; }

    /// <summary>Whether a write has not been taken yet.</summary>
    public bool IsWriting { get; private set; }

    /// <summary>Whether it stands among those that have everything so far.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>Ends when the reader is done, with why; nothing is written to its response after that.</summary>
    public Task<StreamOutcome> Completion => _completion.Task;

    /// <summary>Whether it has to leave: its client is gone, or the server lets go of it.</summary>
    public StreamOutcome? Leaving => _stalled ? StreamOutcome.Stalled : _leaving ? StreamOutcome.Left : _released && !IsInsideFrame ? StreamOutcome.Released : null;

    /// <summary>Whether its caller may still be served.</summary>
    public bool IsAllowed => connection.IsAllowed();

    /// <summary>How long nothing was written, or, while writing, nothing was taken.</summary>
    public TimeSpan Silence => time.GetElapsedTime(_lastWrite);

    /// <summary>The client is gone. From any thread.</summary>
    public void Leave()
    {
        _leaving = true;
        Owner?.Enqueue(this);
    }

    /// <summary>Lets go of the reader at the end of a frame. From any thread.</summary>
    public void Release()
    {
        _released = true;
        Owner?.Enqueue(this);
    }

    /// <summary>Cuts the connection of a client that takes nothing; the write in hand then fails, and the reader leaves.</summary>
    public void Stall()
    {
        if (_stalled)
            return;

        _stalled = true;
        connection.Abort();
    }

    public void Complete(StreamOutcome outcome) => _completion.TrySetResult(outcome);

    /// <summary>Hands bytes to the response.</summary>
    /// <returns><see langword="false"/> when that takes time: the reader comes back to its rendering when it is done.</returns>
    public bool TryWrite(ReadOnlyMemory<byte> bytes)
    {
        _lastWrite = time.GetTimestamp();
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

    /// <summary>Ends a write that is done; does nothing while it is not.</summary>
    public bool TryFinishWrite()
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
            _leaving |= pending.GetResult().IsCompleted;
        }
        catch (Exception)
        {
            // Whatever a response throws when it is written to, its client is gone.
            _leaving = true;
        }

        return true;
    }

    private ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return connection.Output.WriteAsync(bytes, CancellationToken.None);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<FlushResult>(exception);
        }
    }
}
