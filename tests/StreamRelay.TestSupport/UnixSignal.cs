namespace StreamRelay.TestSupport;

/// <summary>A signal to a process.</summary>
public enum UnixSignal
{
    /// <summary>Asks the process to end (SIGTERM).</summary>
    Terminate = 15,

    /// <summary>Resumes a paused process (SIGCONT).</summary>
    Continue = 18,

    /// <summary>Pauses the process (SIGSTOP). Its connections stay open, and it answers nothing.</summary>
    Stop = 19,
}
