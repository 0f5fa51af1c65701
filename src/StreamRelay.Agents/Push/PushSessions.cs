using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using StreamRelay.Cluster;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Push;

/// <summary>Holds the sessions of tasks whose events are pushed, and records when a producer of each such run was last active.</summary>
public sealed class PushSessions : IDisposable
{
    private static readonly TimeSpan SessionLifetime = TimeSpan.FromMinutes(1);

    /// <summary>How often a connected producer is announced for an agent that is not registered here, so that its idle timeout is unknown.</summary>
    private static readonly TimeSpan ShortAnnouncePeriod = TimeSpan.FromSeconds(1);

    private readonly StreamManager _streams;
    private readonly ITaskStore _tasks;
    private readonly StreamOptions _options;
    private readonly TimeProvider _time;
    private readonly INodeSignals? _signals;
    private readonly MemoryCache _sessions = new(new MemoryCacheOptions());
    private readonly ConcurrentDictionary<TaskId, long> _lastActive = new();

    /// <summary>Creates the sessions and subscribes to the signals of producers that are connected to other nodes.</summary>
    public PushSessions(StreamManager streams, ITaskStore tasks, IOptions<StreamOptions> options, TimeProvider time, INodeSignals? signals = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _streams = streams;
        _tasks = tasks;
        _options = options.Value;
        _time = time;
        _signals = signals;
        _signals?.ProducerSeen += OnProducerSeen;
    }

    /// <summary>The session of the task, created when this node has none.</summary>
    public PushSession Find(TaskId task) => _sessions.GetOrCreate(task, entry =>
    {
        entry.SlidingExpiration = SessionLifetime;
        return new PushSession(task, _streams, _tasks, _options, _time);
    })!;

    /// <summary>Keeps the task alive for a connected producer, also while it pushes no event, until the result is disposed.</summary>
    /// <param name="task">The task.</param>
    /// <param name="runner">The agent's runner, which has the idle timeout; <see langword="null"/> when only other nodes have the agent.</param>
    public IDisposable KeepAlive(TaskId task, PushRunner? runner)
    {
        var period = runner is null ? ShortAnnouncePeriod : runner.IdleTimeout / 4;
        return _time.CreateTimer(_ => Announce(task), null, period, period);
    }

    /// <summary>Records that a producer of the task is active now, on every node.</summary>
    public void Announce(TaskId task)
    {
        OnProducerSeen(this, task);
        _ = _signals?.AnnounceProducerAsync(task).AsTask();
    }

    /// <summary>Ends the subscription and releases the sessions.</summary>
    public void Dispose()
    {
        _signals?.ProducerSeen -= OnProducerSeen;
        _sessions.Dispose();
    }

    /// <summary>Records that a producer of the task is active now, and begins to record its later activity.</summary>
    internal void Watch(TaskId task) => _lastActive[task] = _time.GetTimestamp();

    /// <summary>Stops recording the activity of the task's producers.</summary>
    internal void Unwatch(TaskId task) => _lastActive.TryRemove(task, out _);

    /// <summary>The time since a producer of the task was last active.</summary>
    internal TimeSpan GetIdleTime(TaskId task) => _time.GetElapsedTime(_lastActive.GetValueOrDefault(task));

    private void OnProducerSeen(object? sender, TaskId task)
    {
        if (_lastActive.TryGetValue(task, out var before))
            _lastActive.TryUpdate(task, _time.GetTimestamp(), before);
    }
}
