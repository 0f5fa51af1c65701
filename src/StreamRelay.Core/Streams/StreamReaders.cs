using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>Counts the readers of each task: streams and waiting requests. A task that is read is not cleaned up. Safe to use from any thread.</summary>
public sealed class StreamReaders(IReaderDirectory? elsewhere = null)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TaskId, int> _counts = [];

    /// <summary>Raised each time a task's last reader on this node leaves, on the thread of that reader.</summary>
    public event EventHandler<TaskRequest>? LastLeft;

    /// <summary>The readers of the task on all nodes.</summary>
    public async ValueTask<int> CountAllAsync(TaskId task, CancellationToken cancellationToken) =>
        Count(task) + (elsewhere is null ? 0 : await elsewhere.CountElsewhereAsync(task, cancellationToken));

    /// <summary>The readers of the task on this node.</summary>
    public int Count(TaskId task)
    {
        lock (_lock)
            return _counts.GetValueOrDefault(task);
    }

    /// <summary>Adds a reader; dispose the result to remove it.</summary>
    public IDisposable Enter(TaskRequest task)
    {
        ArgumentNullException.ThrowIfNull(task);
        Change(task.Id, 1);
        return new Token(this, task);
    }

    /// <summary>Raises <see cref="LastLeft"/> for a reader of another node that has ended.</summary>
    internal void ReportLastLeft(TaskRequest task) => LastLeft?.Invoke(this, task);

    private void Leave(TaskRequest task)
    {
        if (Change(task.Id, -1) == 0)
            ReportLastLeft(task);
    }

    /// <returns>The number of readers after the change.</returns>
    private int Change(TaskId task, int by)
    {
        lock (_lock)
        {
            var count = _counts.GetValueOrDefault(task) + by;
            if (count > 0)
                _counts[task] = count;
            else
                _counts.Remove(task);

            // Within the lock, so that other nodes receive the changes in their order.
            elsewhere?.Announce(task, count);
            return count;
        }
    }

    private sealed class Token(StreamReaders readers, TaskRequest task) : IDisposable
    {
        private bool _left;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _left, true))
                readers.Leave(task);
        }
    }
}
