using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using StreamRelay.Protocols.Sse;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.Renderings;

/// <summary>The renderings of this node: one for each task and protocol that is being read, kept for a while after its last reader, and bounded in memory together.</summary>
public sealed class RenderingCache(StreamManager streams, StreamReaders readers, IOptions<StreamOptions> options, TimeProvider time)
{
    private const int SmallWindow = 64 << 10;

    private readonly ConcurrentDictionary<(TaskId Task, string Protocol), SharedRendering> _shared = new();
    private readonly long _memoryBytes = options.Value.MemoryBytes > 0
        ? options.Value.MemoryBytes
        : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;

    private long _bytes;

    /// <summary>Encoded bytes held by all renderings.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>How many renderings are kept now, including those without readers.</summary>
    public int Count => _shared.Count;

    internal TimeSpan StallTimeout => options.Value.StallTimeout;

    /// <summary>The silence after which a heartbeat is sent. Readers are checked every half interval, so that no silence is longer than a whole one.</summary>
    public TimeSpan QuietTime => options.Value.HeartbeatInterval / 2;

    internal int WindowBytes => Bytes > _memoryBytes ? Math.Min(SmallWindow, options.Value.RenderingBytes) : options.Value.RenderingBytes;

    /// <summary>Begins to write a task to a response.</summary>
    /// <param name="request">The task.</param>
    /// <param name="protocol">The protocol to encode it in.</param>
    /// <param name="seen">What the client has seen already.</param>
    /// <param name="connection">The response.</param>
    public RenderingReader Read(TaskRequest request, IStreamProtocol protocol, ResumePoint seen, ReaderConnection connection)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(connection);
        var reader = new RenderingReader(connection, seen, time);
        var key = (request.Id, protocol.Name);
        while (true)
        {
            var shared = _shared.GetOrAdd(key, _ => new SharedRendering(new(this, new(streams, request, protocol), null)));
            if (!shared.TryEnter(reader))
                continue;

            _ = LeaveAsync(key, shared, reader);
            return reader;
        }
    }

    internal Rendering CreatePrivate(RenderingSource source, Rendering shared) => new(this, source.Again(), shared);

    internal void AddBytes(long delta)
    {
        if (Interlocked.Add(ref _bytes, delta) <= _memoryBytes || delta <= 0)
            return;

        foreach (var (key, shared) in _shared)
            CloseIdle(key, shared);
    }

    internal ITimer CreateTimer(Action tick)
    {
        var period = QuietTime < StallTimeout / 2 ? QuietTime : StallTimeout / 2;
        return time.CreateTimer(static state => ((Action)state!)(), tick, period, period);
    }

    private async Task LeaveAsync((TaskId Task, string Protocol) key, SharedRendering shared, RenderingReader reader)
    {
        StreamOutcome outcome;
        using (readers.Enter(key.Task))
            outcome = await reader.Completion;

        // The next reader tries again instead of getting the failed rendering.
        if (outcome == StreamOutcome.LogFailed)
            _shared.TryRemove(new(key, shared));
        if (!shared.Leave())
            return;

        if (outcome != StreamOutcome.LogFailed)
            await Task.Delay(options.Value.RenderingLinger, time, CancellationToken.None);

        CloseIdle(key, shared);
    }

    private void CloseIdle((TaskId Task, string Protocol) key, SharedRendering shared)
    {
        if (shared.TryClose())
            _shared.TryRemove(new(key, shared));
    }
}
