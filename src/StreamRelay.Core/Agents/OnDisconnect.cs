namespace StreamRelay.Agents;

/// <summary>What happens to a running task without readers.</summary>
public enum OnDisconnect
{
    /// <summary>It continues.</summary>
    Continue,

    /// <summary>It is stopped after a grace that starts when the last reader leaves; never before the first reader. A task
    /// that runs again after a restart has lost its readers: the grace starts at the restart.</summary>
    Stop,
}
