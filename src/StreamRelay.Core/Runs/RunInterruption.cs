namespace StreamRelay.Runs;

/// <summary>Why a run does not go on.</summary>
internal enum RunInterruption
{
    Stop,
    Timeout,
    OutputLimit,
    Closed,
    TakenOver,
    Shutdown,
}
