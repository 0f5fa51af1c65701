using System.ComponentModel.DataAnnotations;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>The limits of connections and requests. Section <c>StreamRelay:Limits</c>.</summary>
public sealed class LimitOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay:Limits";

    /// <summary>The largest body of a request, in bytes; 1 KiB to 1 GiB. Default 4 MiB.</summary>
    [Range(1024, 1L << 30)]
    public long BodyBytes { get; set; } = 4 << 20;

    /// <summary>The largest metadata of a task, in bytes of JSON; up to 1 MiB. Kept in memory while the task runs, and in every list that has the task. Default 64 KiB.</summary>
    [Range(0, 1 << 20)]
    public int MetadataBytes { get; set; } = 64 << 10;

    /// <summary>The largest part of a request that its answers repeat, such as <c>instructions</c> and <c>tools</c> of a response, in bytes of JSON; up to 4 MiB.
    /// Kept in memory while the task runs. Default 256 KiB.</summary>
    [Range(0, 4 << 20)]
    public int EchoBytes { get; set; } = 256 << 10;

    /// <summary>The most connections at the same time; others are closed at once. Default 0: two thirds of the descriptors that the process has left at its start, on Linux.
    /// In an application of your own with <c>AddStreamRelayConnectionLimits</c> only.</summary>
    [Range(0, 1_000_000)]
    public int Connections { get; set; }

    /// <summary>The most connections of one client address, or of one /64 network of IPv6, at the same time. Default 0: half of <see cref="Connections"/>.
    /// In an application of your own with <c>AddStreamRelayConnectionLimits</c> only.</summary>
    [Range(0, 1_000_000)]
    public int ConnectionsPerAddress { get; set; }

    /// <summary>Requests a minute of one API key, on all nodes of a cluster together; more are refused with 429. A key can have a limit of its own. Default 0: no limit.</summary>
    [Range(0, 10_000_000)]
    public int RequestsPerMinutePerKey { get; set; }

    /// <summary>Requests a minute of all keys of one owner, on all nodes of a cluster together; more are refused with 429. Default 0: no limit.</summary>
    [Range(0, 10_000_000)]
    public int RequestsPerMinutePerOwner { get; set; }

    /// <summary>Requests a minute of one client address, or of one /64 network of IPv6, on all nodes of a cluster together; more are refused with 429. Default 0: no limit.</summary>
    [Range(0, 10_000_000)]
    public int RequestsPerMinutePerAddress { get; set; }

    /// <summary>Open streams of one API key, on all nodes of a cluster together; otherwise as <see cref="StreamsPerOwner"/>. Default 0: no limit.</summary>
    [Range(0, 1_000_000)]
    public int StreamsPerKey { get; set; }

    /// <summary>Open streams of one client address, or of one /64 network of IPv6; otherwise as <see cref="StreamsPerOwner"/>. Default 0: no limit.</summary>
    [Range(0, 1_000_000)]
    public int StreamsPerAddress { get; set; }

    /// <summary>Open streams of one owner, on all nodes of a cluster together. A further one is refused with 429, or, where an <c>EventSource</c> asks for it, is empty and asked for again 10 seconds later.
    /// The answers to requests that start a task count and are not refused. Default 0: no limit.</summary>
    [Range(0, 1_000_000)]
    public int StreamsPerOwner { get; set; }
}
