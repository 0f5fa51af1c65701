namespace StreamRelay.Events;

/// <summary>The kind of an event. The numbers are stored in logs and are never renumbered.</summary>
public enum StreamEventKind : byte
{
    /// <summary>The first event of every task, written by the host before any response header.</summary>
    Start = 1,

    /// <summary>A piece of the agent's reasoning.</summary>
    Thought = 2,

    /// <summary>A piece of the agent's answer.</summary>
    Output = 3,

    /// <summary>The start of a titled step.</summary>
    StepStart = 4,

    /// <summary>The end of a titled step.</summary>
    StepEnd = 5,

    /// <summary>The start of a tool call.</summary>
    ActionStart = 6,

    /// <summary>A piece of a tool call's arguments.</summary>
    ActionDelta = 7,

    /// <summary>A complete tool call with its input.</summary>
    Action = 8,

    /// <summary>The result of a tool call.</summary>
    Observation = 9,

    /// <summary>A file that can be downloaded.</summary>
    File = 10,

    /// <summary>Tokens used.</summary>
    Usage = 11,

    /// <summary>A named JSON value for front ends.</summary>
    Data = 12,

    /// <summary>A log line.</summary>
    Log = 13,

    /// <summary>Terminal: the task completed or was stopped.</summary>
    End = 14,

    /// <summary>Terminal: the task failed.</summary>
    Error = 15,
}
