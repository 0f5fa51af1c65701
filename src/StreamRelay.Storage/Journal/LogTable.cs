using Microsoft.Extensions.Logging;
using StreamRelay.Storage.Disk;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>The logs in memory. Those with nothing in the journal and no writer are forgotten in time, and found again in their files.</summary>
internal sealed partial class LogTable(IStorageDisk disk, StorageLayout layout, ILogger<LogTable> logger)
{
    private const int TrimEvery = 4_096;

    private readonly Lock _gate = new();
    private readonly Dictionary<TaskId, TaskLog> _logs = [];
    private readonly HashSet<TaskId> _deleting = [];
    private long _removals;
    private int _added;

    /// <summary>Whether it is time to <see cref="Trim"/>.</summary>
    public bool IsLarge => Volatile.Read(ref _added) >= TrimEvery;

    /// <summary>The log, ready to be read or written.</summary>
    /// <returns><see langword="null"/> when there is none.</returns>
    public TaskLog? Find(TaskId task)
    {
        while (true)
        {
            if (TryGet(task, out var log, out var removals))
                return log is null ? null : Loaded(log);

            var fresh = Loaded(new TaskLog(task));
            if (!fresh.Exists)
                return null;
            if (TryAdd(fresh, removals))
                return fresh;
        }
    }

    /// <summary>The log, made when there is none. Only for the commit loop.</summary>
    public TaskLog FindOrAdd(TaskId task)
    {
        if (Find(task) is { } found)
            return found;

        lock (_gate)
        {
            if (_deleting.Contains(task))
                throw new IOException($"The log of task {task} is being deleted: open it again when that is done.");
            if (!_logs.TryGetValue(task, out var log))
                _logs.Add(task, log = new(task));
            _added++;
            return Loaded(log);
        }
    }

    /// <summary>The log as far as the journal tells, without a look at its file. Only for recovery.</summary>
    public TaskLog Recover(TaskId task)
    {
        if (!_logs.TryGetValue(task, out var log))
            _logs.Add(task, log = new(task));
        return log;
    }

    /// <summary>Forgets a log that is deleted; it cannot be opened until <see cref="EndDelete"/>.</summary>
    public void BeginDelete(TaskId task)
    {
        lock (_gate)
        {
            if (_logs.Remove(task, out var log))
                log.Delete();
            _deleting.Add(task);
            _removals++;
        }
    }

    public void EndDelete(TaskId task)
    {
        lock (_gate)
            _deleting.Remove(task);
    }

    public bool IsDeleting(TaskId task)
    {
        lock (_gate)
            return _deleting.Contains(task);
    }

    /// <summary>Forgets what needs not be in memory. Only for the commit loop, between groups.</summary>
    public void Trim()
    {
        lock (_gate)
        {
            foreach (var (task, log) in _logs)
            {
                if (!log.IsPinned)
                    _logs.Remove(task);
            }

            _removals++;
            _added = 0;
        }
    }

    /// <summary>The same log, after a look at its file.</summary>
    public TaskLog Loaded(TaskLog log)
    {
        if (!log.Load(limit => SealedSegment.Load(disk, layout.Events(log.Task), limit)))
            EntriesMissing(log.Task, log.NextOffset - 1);
        return log;
    }

    private bool TryGet(TaskId task, out TaskLog? log, out long removals)
    {
        lock (_gate)
        {
            removals = _removals;
            return _logs.TryGetValue(task, out log) || _deleting.Contains(task);
        }
    }

    // What was read from the file may be old news if anything was removed meanwhile.
    private bool TryAdd(TaskLog fresh, long removals)
    {
        lock (_gate)
        {
            if (_removals != removals || !_logs.TryAdd(fresh.Task, fresh))
                return false;
            _added++;
            return true;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The log of task {Task} has lost entries after {Offset}; what came before is kept")]
    private partial void EntriesMissing(TaskId task, long offset);
}
