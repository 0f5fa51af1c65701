namespace StreamRelay.Protocols.Sse;

/// <summary>Why a reader's stream is over.</summary>
internal enum StreamOutcome
{
    /// <summary>All of an ended task was written.</summary>
    Completed,

    /// <summary>All of a failed task was written.</summary>
    TaskFailed,

    /// <summary>The server lets go between two frames; the task goes on.</summary>
    Released,

    /// <summary>The log could not be read on.</summary>
    LogFailed,

    /// <summary>The reader took nothing for too long.</summary>
    Stalled,

    /// <summary>The reader has left.</summary>
    Left,
}
