namespace StreamRelay.Protocols.Sse;

/// <summary>Frames that belong to a connection and not to a stream: they have no id, and are not counted.</summary>
public static class SseFrames
{
    /// <summary>A comment that keeps the connection alive.</summary>
    public static ReadOnlyMemory<byte> Heartbeat { get; } = ": ping\n\n"u8.ToArray();

    /// <summary>Makes clients that reconnect by themselves do so after a second.</summary>
    public static ReadOnlyMemory<byte> Retry { get; } = "retry: 1000\n\n"u8.ToArray();
}
