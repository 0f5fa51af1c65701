namespace StreamRelay.Runs;

/// <summary>Why a run is interrupted.</summary>
internal enum RunInterruption
{
    /// <summary>A client or a policy stopped the task.</summary>
    Stop,

    /// <summary>The run took longer than its agent's maximum duration.</summary>
    Timeout,

    /// <summary>The task reached the maximum size of a task.</summary>
    OutputLimit,

    /// <summary>The stream closed without a terminal event of this run.</summary>
    Closed,

    /// <summary>Another attempt owns the task.</summary>
    TakenOver,

    /// <summary>The server shuts down.</summary>
    Shutdown,
}
