namespace StreamRelay.Testing;

/// <summary>What is sent to a process to stop it, its time, or to let it go on.</summary>
public enum UnixSignal
{
    /// <summary>Asks it to end.</summary>
    Terminate = 15,

    /// <summary>Lets it go on as if nothing had been.</summary>
    Continue = 18,

    /// <summary>Stops its time. Its connections stay, and nothing answers.</summary>
    Stop = 19,
}
