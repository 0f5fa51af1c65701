namespace StreamRelay.Runs;

/// <summary>How far a run has come. A run passes the phases in this order and may skip some.</summary>
internal enum RunPhase
{
    /// <summary>It waits for earlier runs or for a slot.</summary>
    Waiting,

    /// <summary>Its agent runs.</summary>
    Running,

    /// <summary>It writes nothing any more: the task has ended, or continues on another node or after a restart.</summary>
    Ended,

    /// <summary>Its runner has returned as well, and its slot is free.</summary>
    RunnerExited,
}
