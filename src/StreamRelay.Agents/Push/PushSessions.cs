using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using StreamRelay.Cluster;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Push;

/// <summary>The tasks that take events from outside, wherever they are watched over.</summary>
public sealed class PushSessions : IDisposable
{
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(1);

    private readonly StreamManager _streams;
    private readonly ITaskStore _tasks;
    private readonly StreamOptions _options;
    private readonly TimeProvider _time;
    private readonly INodeSignals? _signals;
    private readonly MemoryCache _sessions = new(new MemoryCacheOptions());
    private readonly ConcurrentDictionary<TaskId, long> _heard = new();

    /// <summary>Begins to hear of producers that are connected to other nodes.</summary>
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

    /// <summary>The task's session.</summary>
    public PushSession Find(TaskId task) => _sessions.GetOrCreate(task, entry =>
    {
        entry.SlidingExpiration = Keep;
        return new PushSession(task, _streams, _tasks, _options.MaxTaskBytes);
    })!;

    /// <summary>Counts a producer in, who may be quiet as long as it likes; dispose the result to count it out.</summary>
    /// <param name="task">The task.</param>
    /// <param name="runner">Who watches over it.</param>
    public IDisposable Connect(TaskId task, PushRunner runner)
    {
        ArgumentNullException.ThrowIfNull(runner);
        Tell(task);
        return _time.CreateTimer(_ => Tell(task), null, runner.IdleTimeout / 4, runner.IdleTimeout / 4);
    }

    /// <summary>Stops hearing.</summary>
    public void Dispose()
    {
        _signals?.ProducerSeen -= OnProducerSeen;
        _sessions.Dispose();
    }

    /// <summary>Begins to note when a producer of the task is heard of.</summary>
    internal void Watch(TaskId task) => _heard[task] = _time.GetTimestamp();

    /// <summary>Notes it no more.</summary>
    internal void Unwatch(TaskId task) => _heard.TryRemove(task, out _);

    /// <summary>How long no producer of the task was heard of.</summary>
    internal TimeSpan Silence(TaskId task) => _time.GetElapsedTime(_heard.GetValueOrDefault(task));

    private void Tell(TaskId task)
    {
        OnProducerSeen(this, task);
        _ = _signals?.AnnounceProducerAsync(task).AsTask();
    }

    private void OnProducerSeen(object? sender, TaskId task)
    {
        if (_heard.TryGetValue(task, out var before))
            _heard.TryUpdate(task, _time.GetTimestamp(), before);
    }
}
