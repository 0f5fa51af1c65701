using System.ComponentModel.DataAnnotations;

namespace StreamRelay.Streams;

/// <summary>Options of streams and of the memory they use. Section <c>StreamRelay:Streams</c>.</summary>
public sealed class StreamOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay:Streams";

    /// <summary>Events that wait to be appended, per task; when the inbox is full the agent waits. Default 1000.</summary>
    [Range(1, 1_000_000)]
    public int InboxCapacity { get; set; } = 1000;

    /// <summary>Bytes of events that wait to be appended, and 64 for each event, per task. Default 4 MiB.</summary>
    [Range(1024, 1 << 30)]
    public int InboxBytes { get; set; } = 4 << 20;

    /// <summary>How long publishing waits for room in the inbox before it fails. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan PublishTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long reading and writing wait for a store that several nodes share while it is unavailable; <see cref="PublishTimeout"/> does not count then. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StoreOutage { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest time without a frame before a comment is sent. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one write of at most 64 KiB may wait for a reader that reads nothing, before its connection is closed. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest time that one response streams, where the client reconnects by itself and loses nothing (native streams); up to a
    /// tenth less, so that clients do not reconnect at the same time. Default 9 min; zero: without limit.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan MaxConnectionAge { get; set; } = TimeSpan.FromMinutes(9);

    /// <summary>How long after its end the last task of a chat is replayed to a client that asks for the active task. Default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan ResumeGrace { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a rendering is kept after its last reader has left, unless that one has read a running task to its end. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan RenderingLinger { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Encoded bytes that one rendering keeps for its readers; one frame is always kept. Default 4 MiB.</summary>
    [Range(1024, 1 << 30)]
    public int RenderingBytes { get; set; } = 4 << 20;

    /// <summary>Bytes of its newest events that a running task keeps in memory; older events are read from the log. Default 1 MiB.</summary>
    [Range(1024, 1 << 30)]
    public int TailBytes { get; set; } = 1 << 20;

    /// <summary>Bytes that tasks, their readers and answers use together: inputs and metadata of running tasks, waiting and newest events, encoded frames, pages and
    /// snapshots. When they are used up, renderings without readers are dropped first, then the windows of the others, then newest events; a start or an answer that
    /// still does not fit is refused. Default 0: a quarter of the memory this process may use.</summary>
    [Range(0, long.MaxValue)]
    public long MemoryBytes { get; set; }

    /// <summary>The largest event; longer text is split between code points. Default 1 MiB.</summary>
    [Range(1024, 16 << 20)]
    public int MaxEventBytes { get; set; } = 1 << 20;

    /// <summary>Bytes of all events of one task, and 64 for each event; a task that exceeds them ends with the error <c>output_limit</c>. Default 64 MiB.</summary>
    [Range(1024, 1L << 40)]
    public long MaxTaskBytes { get; set; } = 64 << 20;

    /// <summary>Bytes of the earlier turns of a conversation that an agent is given with a new message, where the server keeps the conversation. The oldest turns
    /// are left out first, each of them whole. Default 1 MiB.</summary>
    [Range(0, 1L << 30)]
    public long ConversationBytes { get; set; } = 1 << 20;

    /// <summary>Tasks that run at once; more are queued. Default 1000.</summary>
    [Range(1, 1_000_000)]
    public int MaxRunningTasks { get; set; } = 1000;

    /// <summary>Tasks of one owner that run at once, on all nodes of a cluster together; more are queued. Default 0: half of <see cref="MaxRunningTasks"/> on each node,
    /// so that one owner cannot take every slot.</summary>
    [Range(0, 1_000_000)]
    public int MaxRunningTasksPerOwner { get; set; }

    /// <summary>Tasks of one API key that run at once, on all nodes of a cluster together; more are queued. Default 0: no limit of its own.</summary>
    [Range(0, 1_000_000)]
    public int MaxRunningTasksPerKey { get; set; }

    /// <summary>Tasks of one owner that are queued, on all nodes of a cluster together; further starts are refused with 429. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxQueuedTasksPerOwner { get; set; } = 10_000;

    /// <summary>Tasks of one API key that are queued, on all nodes of a cluster together; further starts are refused with 429. Default 0: no limit of its own.</summary>
    [Range(0, 1_000_000)]
    public int MaxQueuedTasksPerKey { get; set; }

    /// <summary>Events a second of one task; as many may come at once. An agent or a producer that is faster waits. Default 0: no limit.</summary>
    [Range(0, 1_000_000)]
    public int MaxEventsPerSecond { get; set; }
}
