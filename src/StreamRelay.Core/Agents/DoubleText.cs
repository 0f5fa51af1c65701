namespace StreamRelay.Agents;

/// <summary>What happens to a new task of a conversation while an earlier one has not ended.</summary>
public enum DoubleText
{
    /// <summary>It is refused.</summary>
    Reject,

    /// <summary>It waits for the end of the earlier one.</summary>
    Enqueue,

    /// <summary>The earlier task is stopped and keeps its output; the new task starts.</summary>
    Interrupt,
}
