using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>The tasks of other processes that are read here: one follower per task. Safe to use from any thread.</summary>
internal sealed class StreamFollowers(IEventFeed feed, TailMemory memory)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TaskId, StreamFollower> _followers = [];

    /// <summary>The number of followed tasks.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _followers.Count;
        }
    }

    /// <summary>Attaches an observer to the follower of a task; a new follower starts after <paramref name="offset"/>.</summary>
    public LiveTail Enter(TaskId task, long offset, ITailObserver observer)
    {
        lock (_lock)
        {
            if (!_followers.TryGetValue(task, out var follower))
            {
                _followers[task] = follower = new(task, offset, feed, memory);
                _ = Task.Run(follower.RunAsync);
            }

            follower.Live.Attach(observer);
            return follower.Live;
        }
    }

    /// <summary>Ends following a task that is now written here. Its cursors attach to the local stream.</summary>
    public void Stop(TaskId task)
    {
        lock (_lock)
        {
            if (_followers.Remove(task, out var follower))
                follower.Dispose();
        }
    }

    /// <summary>Detaches an observer. Following ends with the last one.</summary>
    public void Leave(TaskId task, LiveTail live, ITailObserver observer)
    {
        lock (_lock)
        {
            if (!live.Detach(observer) || !_followers.TryGetValue(task, out var follower) || follower.Live != live)
                return;

            _followers.Remove(task);
            follower.Dispose();
        }
    }
}
