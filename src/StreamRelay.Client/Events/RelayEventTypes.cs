namespace StreamRelay.Client.Events;

/// <summary>The types of events. A later server may have others.</summary>
public static class RelayEventTypes
{
    /// <summary>The first event of every task.</summary>
    public const string Start = "start";

    /// <summary>A piece of the reasoning.</summary>
    public const string Thought = "thought";

    /// <summary>A piece of the answer.</summary>
    public const string Output = "output";

    /// <summary>The start of a titled part of the work.</summary>
    public const string StepStart = "step_start";

    /// <summary>The end of a titled part of the work.</summary>
    public const string StepEnd = "step_end";

    /// <summary>The start of a tool call.</summary>
    public const string ActionStart = "action_start";

    /// <summary>A piece of the arguments of a tool call.</summary>
    public const string ActionDelta = "action_delta";

    /// <summary>A complete tool call.</summary>
    public const string Action = "action";

    /// <summary>The result of a tool call.</summary>
    public const string Observation = "observation";

    /// <summary>A file that can be downloaded.</summary>
    public const string File = "file";

    /// <summary>Tokens used.</summary>
    public const string Usage = "usage";

    /// <summary>A named JSON value for front ends.</summary>
    public const string Data = "data";

    /// <summary>A line of the agent's log.</summary>
    public const string Log = "log";

    /// <summary>The last event of a task that completed or was stopped.</summary>
    public const string End = "end";

    /// <summary>The last event of a task that failed.</summary>
    public const string Error = "error";
}
