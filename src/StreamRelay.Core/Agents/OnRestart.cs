namespace StreamRelay.Agents;

/// <summary>What happens to a task that was running when the server ended.</summary>
public enum OnRestart
{
    /// <summary>It ends with the error <c>interrupted</c>.</summary>
    Fail,

    /// <summary>Its runner runs again, with the next attempt number and the history of the task; readers see one continued stream.</summary>
    Resume,
}
