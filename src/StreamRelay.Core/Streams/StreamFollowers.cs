using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>The tasks of other processes that are read here: one follower for all readers of a task. Safe to use from any thread.</summary>
internal sealed class StreamFollowers(IEventFeed feed)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TaskId, StreamFollower> _followers = [];

    /// <summary>How many tasks are followed.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _followers.Count;
        }
    }

    /// <summary>Lets a cursor read on where the log ended for it.</summary>
    public LiveTail Enter(TaskId task, StreamCursor cursor)
    {
        lock (_lock)
        {
            if (!_followers.TryGetValue(task, out var follower))
            {
                _followers[task] = follower = new(task, cursor.Position, feed);
                _ = Task.Run(follower.RunAsync);
            }

            follower.Live.Attach(cursor);
            return follower.Live;
        }
    }

    /// <summary>Follows a task no longer, because it is written here now: its readers move on.</summary>
    public void Stop(TaskId task)
    {
        lock (_lock)
        {
            if (_followers.Remove(task, out var follower))
                follower.Dispose();
        }
    }

    /// <summary>Lets a cursor go; with the last one, following ends.</summary>
    public void Leave(TaskId task, LiveTail live, StreamCursor cursor)
    {
        lock (_lock)
        {
            if (!live.Detach(cursor) || !_followers.TryGetValue(task, out var follower) || follower.Live != live)
                return;

            _followers.Remove(task);
            follower.Dispose();
        }
    }
}
