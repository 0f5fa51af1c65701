namespace StreamRelay.Tasks;

/// <summary>Which tasks to list. Every condition that is not <see langword="null"/> must hold.</summary>
public sealed record TaskQuery
{
    /// <summary>Only this owner's.</summary>
    public string? Owner { get; init; }

    /// <summary>Only this agent's.</summary>
    public string? Agent { get; init; }

    /// <summary>Only tasks of one of these agents.</summary>
    public IReadOnlyList<string>? Agents { get; init; }

    /// <summary>Only those in this state.</summary>
    public TaskState? State { get; init; }

    /// <summary>Only tasks for which a stop was, or was not, requested.</summary>
    public bool? StopRequested { get; init; }

    /// <summary>Only tasks that are, or are not, ephemeral.</summary>
    public bool? Ephemeral { get; init; }

    /// <summary>Only those of this conversation.</summary>
    public string? SessionId { get; init; }

    /// <summary>Only tasks of this external operation.</summary>
    public string? OperationId { get; init; }

    /// <summary>Only those that ended at or before this time.</summary>
    public DateTimeOffset? EndedBefore { get; init; }

    /// <summary>Only tasks created before this one: the last id of the previous page.</summary>
    public TaskId? Before { get; init; }

    /// <summary>At most this many. Default 50.</summary>
    public int Limit { get; init; } = 50;
}
