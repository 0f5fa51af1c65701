namespace StreamRelay.Protocols.Renderings;

/// <summary>Why a reader's stream has ended.</summary>
public enum StreamOutcome
{
    /// <summary>Every frame of a task that completed or was stopped was written.</summary>
    Completed,

    /// <summary>Every frame of a failed task was written.</summary>
    TaskFailed,

    /// <summary>The server ended the response between two frames; the task goes on.</summary>
    Released,

    /// <summary>The log could not be read on.</summary>
    LogFailed,

    /// <summary>The client took nothing for too long.</summary>
    Stalled,

    /// <summary>The client has disconnected.</summary>
    Disconnected,
}
