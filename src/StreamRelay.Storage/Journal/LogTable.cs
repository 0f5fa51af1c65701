using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>The logs in memory. <see cref="Trim"/> removes the logs that the index contains completely and that have no open writer; the next lookup loads such a log from the index.</summary>
internal sealed class LogTable(ISegmentIndex index, StorageLayout layout, HandleCache handles)
{
    private const int TrimEvery = 4_096;

    private readonly Lock _gate = new();
    private readonly Dictionary<TaskId, TaskLog> _logs = [];
    private readonly HashSet<TaskId> _deleting = [];
    private long _removals;
    private int _added;

    /// <summary>Whether enough logs were added since the last <see cref="Trim"/> to call it again.</summary>
    public bool IsLarge => Volatile.Read(ref _added) >= TrimEvery;

    /// <summary>Returns the log of a task, loaded from the index when it is not in memory.</summary>
    /// <returns><see langword="null"/> when the task has no log.</returns>
    public TaskLog? Find(TaskId task)
    {
        while (true)
        {
            if (TryGet(task, out var log, out var removals))
                return log is null ? null : EnsureLoaded(log);

            var loaded = EnsureLoaded(new TaskLog(task));
            if (!loaded.Exists)
                return null;
            if (TryAdd(loaded, removals))
                return loaded;
        }
    }

    /// <summary>Returns the log of a task, and creates it when the task has none. Only the commit loop calls this.</summary>
    /// <exception cref="IOException">The log is being deleted.</exception>
    public TaskLog FindOrAdd(TaskId task)
    {
        if (Find(task) is { } found)
            return found;

        lock (_gate)
        {
            if (_deleting.Contains(task))
                throw new IOException($"The log of task {task} is being deleted: open it again after the deletion.");
            if (!_logs.TryGetValue(task, out var log))
                _logs.Add(task, log = new(task));
            _added++;
            return EnsureLoaded(log);
        }
    }

    /// <summary>Returns the log of a task without asking the index, and creates it when there is none. Only recovery calls this.</summary>
    public TaskLog Recover(TaskId task)
    {
        if (!_logs.TryGetValue(task, out var log))
            _logs.Add(task, log = new(task));
        return log;
    }

    /// <summary>Whether the table or the index contains the log of a task.</summary>
    public bool Contains(TaskId task)
    {
        lock (_gate)
            return _logs.ContainsKey(task) || index.Find(task).Count > 0;
    }

    /// <summary>Returns the logs in memory.</summary>
    public IReadOnlyList<TaskLog> ToList()
    {
        lock (_gate)
            return [.. _logs.Values];
    }

    /// <summary>Removes a log that is deleted from memory. The log cannot be opened again before <see cref="EndDelete"/>.</summary>
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

    /// <summary>Removes the logs that are not pinned from memory. Only the commit loop calls this, between two groups.</summary>
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

    /// <summary>Loads the sealed part of a log, unless that was done before.</summary>
    /// <returns><paramref name="log"/>.</returns>
    public TaskLog EnsureLoaded(TaskLog log)
    {
        log.Load(FindSealed);
        return log;
    }

    /// <summary>Loads the sealed part of a task's log again, after the index has changed.</summary>
    public void Reload(TaskId task)
    {
        TaskLog? log;
        lock (_gate)
        {
            _removals++;
            _logs.TryGetValue(task, out log);
        }

        log?.Reload(FindSealed);
    }

    private SealedExtents FindSealed(TaskId task) =>
        SealedExtents.From(index.Find(task), sequence => new SealedSegment(sequence, layout, handles));

    private bool TryGet(TaskId task, out TaskLog? log, out long removals)
    {
        lock (_gate)
        {
            removals = _removals;
            return _logs.TryGetValue(task, out log) || _deleting.Contains(task);
        }
    }

    // A removal since the read may mean that the index has changed, so the loaded log is added only if there was none.
    private bool TryAdd(TaskLog loaded, long removals)
    {
        lock (_gate)
        {
            if (_removals != removals || !_logs.TryAdd(loaded.Task, loaded))
                return false;
            _added++;
            return true;
        }
    }
}
