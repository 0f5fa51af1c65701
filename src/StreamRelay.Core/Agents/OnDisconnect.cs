namespace StreamRelay.Agents;

/// <summary>What becomes of a running task that nobody reads any more.</summary>
public enum OnDisconnect
{
    /// <summary>It goes on.</summary>
    Continue,

    /// <summary>It is stopped, after a grace that starts when the last reader leaves; never before the first has come.</summary>
    Stop,
}
