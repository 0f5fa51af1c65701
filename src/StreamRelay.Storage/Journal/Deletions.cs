using StreamRelay.Storage.Disk;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>Carries out the deletions that the journal records: removes the task's own file, or its folder.</summary>
internal sealed class Deletions(IStorageDisk disk, StorageLayout layout, LogTable table, HandleCache handles)
{
    private readonly Lock _gate = new();
    private readonly HashSet<TaskId> _deletedTasks = [];

    /// <summary>Makes the log impossible to find. Called after the deletion is written to the journal.</summary>
    public void Begin(TaskId task, bool wholeTask)
    {
        table.BeginDelete(task);
        if (wholeTask)
            RecordDeletion(task);
    }

    /// <summary>Removes the files of a task whose deletion recovery found in the journal.</summary>
    public void Replay(TaskId task, bool wholeTask)
    {
        Remove(task, wholeTask);
        if (wholeTask)
            RecordDeletion(task);
    }

    /// <summary>Removes the files of a task, unless another call has removed them. A log of the same task can be opened afterwards.</summary>
    /// <param name="task">The task.</param>
    /// <param name="wholeTask">Whether the folder of the task is removed, or only its log.</param>
    /// <param name="log">The deleted log, if there was one. The compactor may be writing its file; the removal waits for that.</param>
    public void Finish(TaskId task, bool wholeTask, TaskLog? log)
    {
        lock (_gate)
        {
            if (!table.IsDeleting(task))
                return;

            lock (log?.FileGate ?? new Lock())
                Remove(task, wholeTask);
            table.EndDelete(task);
        }
    }

    /// <summary>Whether the journal still holds a record that the task was deleted. A new task with the same id would be removed at the next start.</summary>
    public bool IsDeleted(TaskId task)
    {
        lock (_deletedTasks)
            return _deletedTasks.Contains(task);
    }

    /// <summary>Forgets the deletions that a segment records. Called after the segment is removed.</summary>
    public void Forget(Segment segment)
    {
        lock (_deletedTasks)
            _deletedTasks.ExceptWith(segment.Deletions.Keys);
    }

    private void RecordDeletion(TaskId task)
    {
        lock (_deletedTasks)
            _deletedTasks.Add(task);
    }

    private void Remove(TaskId task, bool wholeTask)
    {
        if (wholeTask)
            disk.DeleteFolder(layout.Task(task));
        else
            disk.Delete(layout.Events(task));
        handles.Remove(task);
    }
}
