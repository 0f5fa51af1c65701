namespace StreamRelay.Tasks;

/// <summary>The state of a task. The numbers are stored and are never renumbered.</summary>
public enum TaskState : byte
{
    /// <summary>Accepted and readable; its agent has not started yet.</summary>
    Queued = 1,

    /// <summary>Its agent runs.</summary>
    Running = 2,

    /// <summary>Ended: the agent finished.</summary>
    Completed = 3,

    /// <summary>Ended: the agent failed.</summary>
    Failed = 4,

    /// <summary>Ended: it was stopped.</summary>
    Stopped = 5,
}
