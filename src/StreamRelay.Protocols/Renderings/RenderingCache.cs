using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using StreamRelay.Protocols.Sse;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.Renderings;

/// <summary>The renderings of this node: one for each task and protocol that is being read, kept for a while after its last reader, and bounded in memory together.</summary>
public sealed class RenderingCache : IMemoryUser
{
    private const int SmallWindow = 64 << 10;

    private readonly ConcurrentDictionary<(TaskId Task, string Protocol), SharedRendering> _shared = new();
    private readonly StreamManager _streams;
    private readonly StreamReaders _readers;
    private readonly StreamOptions _options;
    private readonly TimeProvider _time;
    private long _bytes;

    /// <summary>Creates a cache without renderings. Its bytes count in the memory of the streams.</summary>
    public RenderingCache(StreamManager streams, StreamReaders readers, IOptions<StreamOptions> options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(streams);
        ArgumentNullException.ThrowIfNull(options);
        (_streams, _readers, _options, _time) = (streams, readers, options.Value, time);
        streams.Memory.Register(this);
    }

    /// <summary>Encoded bytes held by all renderings.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>How many renderings are kept now, including those without readers.</summary>
    public int Count => _shared.Count;

    internal TimeSpan StallTimeout => _options.StallTimeout;

    /// <summary>The silence after which a heartbeat is sent. Readers are checked every half interval, so that no silence is longer than a whole one.</summary>
    public TimeSpan QuietTime => _options.HeartbeatInterval / 2;

    internal int WindowBytes => _streams.Memory.IsExceeded ? Math.Min(SmallWindow, _options.RenderingBytes) : _options.RenderingBytes;

    /// <summary>Drops the renderings without readers, then the frames before the newest ones of the others.</summary>
    public long Release(long wanted)
    {
        var released = 0L;
        foreach (var (key, shared) in _shared)
        {
            if (released < wanted)
                released += CloseIdle(key, shared);
        }

        foreach (var (_, shared) in _shared)
        {
            if (released < wanted)
                released += shared.Shrink(SmallWindow);
        }

        return released;
    }

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
        var reader = new RenderingReader(connection, seen, _time);
        var key = (request.Id, protocol.Name);
        while (true)
        {
            var shared = _shared.GetOrAdd(key, _ => new(new(this, new(_streams, request, protocol), null), _streams.Find(request.Id) is not null));
            if (!shared.TryEnter(reader))
                continue;

            _ = LeaveAsync(request, key, shared, reader);
            return reader;
        }
    }

    internal Rendering CreatePrivate(RenderingSource source, Rendering shared) => new(this, source.Again(), shared);

    internal void AddBytes(long delta)
    {
        Interlocked.Add(ref _bytes, delta);
        _streams.Memory.Add(delta);
    }

    internal ITimer CreateTimer(Action tick)
    {
        var period = QuietTime < StallTimeout / 2 ? QuietTime : StallTimeout / 2;
        return _time.CreateTimer(static state => ((Action)state!)(), tick, period, period);
    }

    private async Task LeaveAsync(TaskRequest request, (TaskId Task, string Protocol) key, SharedRendering shared, RenderingReader reader)
    {
        StreamOutcome outcome;
        using (_readers.Enter(request))
            outcome = await reader.Completion;

        // The next reader tries again instead of getting the failed rendering.
        if (outcome == StreamOutcome.LogFailed)
            _shared.TryRemove(new(key, shared));
        if (!shared.Leave())
            return;

        if (IsKept(shared, outcome))
            await Task.Delay(_options.RenderingLinger, _time, CancellationToken.None);

        CloseIdle(key, shared);
    }

    /// <summary>A client that has read a running task to its end has all of it. One that has left before, or reads an ended task, may come back.</summary>
    private static bool IsKept(SharedRendering shared, StreamOutcome outcome) => outcome switch
    {
        StreamOutcome.LogFailed => false,
        StreamOutcome.Completed or StreamOutcome.TaskFailed => !shared.IsOfRunningTask,
        _ => true,
    };

    /// <returns>The bytes that are freed soon; 0 when the rendering has readers.</returns>
    private long CloseIdle((TaskId Task, string Protocol) key, SharedRendering shared)
    {
        var bytes = shared.Bytes;
        if (!shared.TryClose())
            return 0;

        _shared.TryRemove(new(key, shared));
        return bytes;
    }
}
