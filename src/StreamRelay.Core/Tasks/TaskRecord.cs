namespace StreamRelay.Tasks;

/// <summary>A task as it is stored: its request and its progress.</summary>
public sealed record TaskRecord
{
    /// <summary>The request.</summary>
    public required TaskRequest Request { get; init; }

    /// <summary>The state.</summary>
    public TaskState State { get; init; } = TaskState.Queued;

    /// <summary>The attempt that may write its log; 1 for the first.</summary>
    public long Epoch { get; init; } = 1;

    /// <summary>The node that made this attempt, or that answered for a queued task in the place of the node that stored it; else <see langword="null"/>.</summary>
    public string? Node { get; init; }

    /// <summary>Increased by one with every stored change. Compare-and-set compares it.</summary>
    public long Version { get; init; }

    /// <summary>Whether a stop was requested.</summary>
    public bool StopRequested { get; init; }

    /// <summary>When its agent started (UTC), or <see langword="null"/>.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended (UTC), or <see langword="null"/>.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The offset of the terminal event once it has ended, else 0.</summary>
    public long LastOffset { get; init; }

    /// <summary>Bytes of its events once it has ended, else 0.</summary>
    public long Bytes { get; init; }

    /// <summary>Tokens used, or <see langword="null"/> when nothing is known.</summary>
    public TaskUsage? Usage { get; init; }

    /// <summary>The result beside the stream as JSON, so a text is in quotes; <see langword="null"/> when there is none.</summary>
    public string? Result { get; init; }

    /// <summary>The error of a failed task, or <see langword="null"/>.</summary>
    public TaskError? Error { get; init; }

    /// <summary>The files of the task, in the order in which they were stored.</summary>
    public IReadOnlyList<StoredFile> Files { get; init; } = [];

    /// <summary>The offset of the last entry that can be read, when the log is damaged after it; else <see langword="null"/>.</summary>
    public long? DamagedAfter { get; init; }

    /// <summary>The task's id.</summary>
    public TaskId Id => Request.Id;

    /// <summary>Whether its start can no longer be refused, because a process runs it or has accepted it.</summary>
    internal bool IsAccepted => State is not TaskState.Queued || Node is not null;

    /// <summary>Whether it has ended.</summary>
    public bool IsEnded => State is TaskState.Completed or TaskState.Failed or TaskState.Stopped;
}
