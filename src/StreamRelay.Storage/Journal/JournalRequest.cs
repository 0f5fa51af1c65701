using System.Threading.Tasks.Sources;
using StreamRelay.Events;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>A request to write to the journal in the next group. It can be submitted again after the task of the last submission was awaited.</summary>
internal sealed class JournalRequest(RequestKind kind, TaskId task) : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _done = new() { RunContinuationsAsynchronously = true };

    public RequestKind Kind => kind;

    public TaskId Task => task;

    /// <summary>The epoch of the writer that opens the log or appends to it.</summary>
    public long Epoch { get; init; }

    /// <summary>The log that the request opens or appends to. The commit loop sets it for requests that open.</summary>
    public TaskLog? Log { get; set; }

    /// <summary>The entries to append.</summary>
    public ReadOnlyMemory<StreamEntry> Entries { get; set; }

    /// <summary>Whether nothing was appended because the first offset of <see cref="Entries"/> was not the next offset of the log.</summary>
    public bool HasConflict { get; set; }

    /// <summary>The reason why the request was refused. The caller receives it after the group is written, because the reason may be a record of the same group.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>Makes the request ready for a submission.</summary>
    /// <returns>A task that ends with <see cref="Complete"/>.</returns>
    public ValueTask Start()
    {
        _done.Reset();
        return new(this, _done.Version);
    }

    /// <summary>Ends the task of the submission, with an exception when the group failed or the request was refused.</summary>
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
