namespace StreamRelay.Agents.Push;

/// <summary>What is to be done with a pushed event.</summary>
public enum PushDecision
{
    /// <summary>It is new, and appended.</summary>
    Accepted,

    /// <summary>It is in the log already, and not appended.</summary>
    Duplicate,

    /// <summary>One before it is missing: nothing was appended.</summary>
    Gap,

    /// <summary>Its producer has started anew since: nothing was appended.</summary>
    Fenced,

    /// <summary>A new epoch has to begin with 0: nothing was appended.</summary>
    BadEpoch,

    /// <summary>The task has ended: nothing was appended.</summary>
    Ended,
}
