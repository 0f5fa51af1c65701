using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>Counts who reads which task: streams and waiting requests alike. Safe to use from any thread.</summary>
public sealed class StreamReaders(IReaderDirectory? elsewhere = null)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TaskId, int> _counts = [];

    /// <summary>Raised, on the thread that left, each time a task's last reader here leaves.</summary>
    public event EventHandler<TaskId>? LastLeft;

    /// <summary>How many read the task now, on all nodes.</summary>
    public async ValueTask<int> CountAllAsync(TaskId task, CancellationToken cancellationToken) =>
        Count(task) + (elsewhere is null ? 0 : await elsewhere.CountElsewhereAsync(task, cancellationToken));

    /// <summary>How many read the task here now.</summary>
    public int Count(TaskId task)
    {
        lock (_lock)
            return _counts.GetValueOrDefault(task);
    }

    /// <summary>Counts a reader in; dispose the result to count it out.</summary>
    public IDisposable Enter(TaskId task)
    {
        Change(task, 1);
        return new Token(this, task);
    }

    private void Leave(TaskId task)
    {
        if (Change(task, -1) == 0)
            LastLeft?.Invoke(this, task);
    }

    /// <returns>How many there are then.</returns>
    private int Change(TaskId task, int by)
    {
        lock (_lock)
        {
            var count = _counts.GetValueOrDefault(task) + by;
            if (count > 0)
                _counts[task] = count;
            else
                _counts.Remove(task);

            // Within the lock: the others must hear of changes in their order.
            elsewhere?.Tell(task, count);
            return count;
        }
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
