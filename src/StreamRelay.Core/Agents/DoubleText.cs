namespace StreamRelay.Agents;

/// <summary>What a new task of a conversation does while an earlier one has not ended.</summary>
public enum DoubleText
{
    /// <summary>It is refused.</summary>
    Reject,

    /// <summary>It waits for the end of the earlier one.</summary>
    Enqueue,

    /// <summary>It stops the earlier one, whose words are kept, and starts.</summary>
    Interrupt,
}
