namespace StreamRelay.Agents;

/// <summary>What becomes of a task that was running when the server ended.</summary>
public enum OnRestart
{
    /// <summary>It ends with the error <c>interrupted</c>.</summary>
    Fail,

    /// <summary>Its runner is run again, with the next attempt number and its own history; readers see one stream that goes on.</summary>
    Resume,
}
