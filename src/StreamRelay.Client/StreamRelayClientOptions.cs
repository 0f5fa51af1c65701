namespace StreamRelay.Client;

/// <summary>How long a client tries. The defaults suit a server behind a proxy that restarts now and then.</summary>
public sealed record StreamRelayClientOptions
{
    /// <summary>How long requests are repeated that fail, or streams that bring no event and no heartbeats, before the client gives up. Default 2 minutes.</summary>
    public TimeSpan ProgressTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a request may be without an answer, and an open stream without a byte, before the connection counts as dead; more than the server's <c>HeartbeatInterval</c>, which is 15 seconds by default. Default 1 minute.</summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest wait between two tries that the client chooses by itself; a server may ask for a longer one. Default 30 seconds.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Measures these times. Default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
