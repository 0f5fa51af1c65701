using System.Threading.Tasks.Sources;
using StreamRelay.Events;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>Something to be written in the next group. Awaited once per use, and then used again.</summary>
internal sealed class JournalRequest(RequestKind kind, TaskId task) : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _done = new() { RunContinuationsAsynchronously = true };

    public RequestKind Kind => kind;

    public TaskId Task => task;

    /// <summary>The epoch that opens or appends.</summary>
    public long Epoch { get; init; }

    /// <summary>The log that was opened, or is appended to.</summary>
    public TaskLog? Log { get; set; }

    /// <summary>What to append.</summary>
    public ReadOnlyMemory<StreamEntry> Entries { get; set; }

    /// <summary>Whether somebody else was first, and nothing was appended.</summary>
    public bool WasLate { get; set; }

    /// <summary>Why it was refused; told when its group is written, because the reason may be in that group.</summary>
    public Exception? Refusal { get; set; }

    public ValueTask Start()
    {
        _done.Reset();
        return new(this, _done.Version);
    }

    public void Complete(Exception? failure)
    {
        Entries = default;
        if ((failure ?? Refusal) is { } exception)
            _done.SetException(exception);
        else
            _done.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _done.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _done.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _done.OnCompleted(continuation, state, token, flags);
}
