using StreamRelay.Cluster;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>A work queue of one node, in memory. An item that is not renewed for a lease is delivered again.</summary>
internal sealed class MemoryWorkQueue(TimeProvider time) : IWorkQueue
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TaskId, DateTimeOffset> _dueAt = [];

    public string Node => "node";

    public TimeSpan Lease => TimeSpan.FromSeconds(3);

    public ValueTask OfferAsync(TaskId task, CancellationToken cancellationToken)
    {
        lock (_lock)
            _dueAt[task] = default;

        return ValueTask.CompletedTask;
    }

    public async ValueTask<IReadOnlyList<WorkItem>> TakeAsync(int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TakeDue(limit) is { Length: > 0 } due)
                return due;

            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        }
    }

    public ValueTask RenewAsync(IReadOnlyCollection<WorkItem> items, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var item in items.Where(item => _dueAt.ContainsKey(item.Task)))
                _dueAt[item.Task] = time.GetUtcNow() + Lease;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> IsAliveAsync(string node, CancellationToken cancellationToken) => new(true);

    public ValueTask<int> OfferMissingAsync(IReadOnlyCollection<TaskId> tasks, CancellationToken cancellationToken)
    {
        lock (_lock)
            return new(tasks.Count(task => _dueAt.TryAdd(task, default)));
    }

    public ValueTask ReleaseAsync(WorkItem item, CancellationToken cancellationToken) => OfferAsync(item.Task, cancellationToken);

    public ValueTask CompleteAsync(WorkItem item, CancellationToken cancellationToken)
    {
        lock (_lock)
            _dueAt.Remove(item.Task);

        return ValueTask.CompletedTask;
    }

    private WorkItem[] TakeDue(int limit)
    {
        lock (_lock)
        {
            WorkItem[] due = [.. _dueAt.Where(item => item.Value <= time.GetUtcNow()).Take(limit).Select(item => Create(item.Key, item.Value))];
            foreach (var item in due)
                _dueAt[item.Task] = time.GetUtcNow() + Lease;

            return due;
        }
    }

    private static WorkItem Create(TaskId task, DateTimeOffset dueAt) => new(task, task.ToString(), IsAbandoned: dueAt != default);
}
