namespace StreamRelay.Protocols.Sse;

/// <summary>What belongs to a connection and not to a stream: never counted, never resumed.</summary>
internal static class SseFrames
{
    /// <summary>A comment that keeps the connection alive.</summary>
    public static ReadOnlyMemory<byte> Heartbeat { get; } = ": ping\n\n"u8.ToArray();

    /// <summary>Tells clients that reconnect by themselves to do so after a second.</summary>
    public static ReadOnlyMemory<byte> Retry { get; } = "retry: 1000\n\n"u8.ToArray();
}
