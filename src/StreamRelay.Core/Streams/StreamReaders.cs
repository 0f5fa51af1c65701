using System.Collections.Concurrent;

namespace StreamRelay.Streams;

/// <summary>Counts who reads which task: streams and waiting requests alike. Safe to use from any thread.</summary>
public sealed class StreamReaders(IReaderDirectory? elsewhere = null)
{
    private readonly ConcurrentDictionary<TaskId, int> _counts = new();

    /// <summary>Raised, on the thread that left, each time a task's last reader here leaves.</summary>
    public event EventHandler<TaskId>? LastLeft;

    /// <summary>How many read the task now, on all nodes.</summary>
    public async ValueTask<int> CountAllAsync(TaskId task, CancellationToken cancellationToken) =>
        Count(task) + (elsewhere is null ? 0 : await elsewhere.CountElsewhereAsync(task, cancellationToken));

    /// <summary>How many read the task here now.</summary>
    public int Count(TaskId task) => _counts.GetValueOrDefault(task);

    /// <summary>Counts a reader in; dispose the result to count it out.</summary>
    public IDisposable Enter(TaskId task)
    {
        var entered = _counts.AddOrUpdate(task, 1, static (_, count) => count + 1);
        elsewhere?.Tell(task, entered);
        return new Token(this, task);
    }

    private void Leave(TaskId task)
    {
        var left = _counts.AddOrUpdate(task, 0, static (_, count) => count - 1);
        elsewhere?.Tell(task, left);
        if (left > 0)
            return;

        // Removed at zero by value, so that a reader who enters at the same moment is not forgotten.
        _counts.TryRemove(new(task, 0));
        LastLeft?.Invoke(this, task);
    }

    private sealed class Token(StreamReaders readers, TaskId task) : IDisposable
    {
        private bool _left;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _left, true))
                readers.Leave(task);
        }
    }
}
