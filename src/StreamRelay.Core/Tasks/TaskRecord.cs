namespace StreamRelay.Tasks;

/// <summary>A task as it is stored: the request, and what has become of it.</summary>
public sealed record TaskRecord
{
    /// <summary>What was asked for.</summary>
    public required TaskRequest Request { get; init; }

    /// <summary>Where it stands.</summary>
    public TaskState State { get; init; } = TaskState.Queued;

    /// <summary>The attempt that may write its log; 1 for the first.</summary>
    public long Epoch { get; init; } = 1;

    /// <summary>The node that made this attempt, where several share a store; else <see langword="null"/>.</summary>
    public string? Node { get; init; }

    /// <summary>Raised by one with every stored change; what compare-and-set compares.</summary>
    public long Version { get; init; }

    /// <summary>Whether someone asked it to stop.</summary>
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

    /// <summary>What the agent returned beside its stream, or <see langword="null"/>.</summary>
    public string? Result { get; init; }

    /// <summary>Why it failed, or <see langword="null"/>.</summary>
    public TaskError? Error { get; init; }

    /// <summary>The files it made, in the order of their making.</summary>
    public IReadOnlyList<StoredFile> Files { get; init; } = [];

    /// <summary>The task's id.</summary>
    public TaskId Id => Request.Id;

    /// <summary>Whether it has ended.</summary>
    public bool IsEnded => State is TaskState.Completed or TaskState.Failed or TaskState.Stopped;
}
