using StreamRelay.Storage.Disk;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>Finishes what a tombstone has promised: removes the task's own file, or its whole folder.</summary>
internal sealed class Deletions(IStorageDisk disk, StorageLayout layout, LogTable table, HandleCache handles)
{
    private readonly Lock _gate = new();
    private readonly HashSet<TaskId> _gone = [];

    /// <summary>The tombstone is written: nobody finds the log any more.</summary>
    public void Begin(TaskId task, bool whole)
    {
        table.BeginDelete(task);
        if (whole)
            Bury(task);
    }

    /// <summary>A tombstone found at start; its work is done at once.</summary>
    public void Redo(TaskId task, bool whole)
    {
        Remove(task, whole);
        if (whole)
            Bury(task);
    }

    /// <summary>Removes what is there, unless that is done.</summary>
    /// <param name="task">The task.</param>
    /// <param name="whole">Whether all of the task goes.</param>
    /// <param name="log">Its log as it was, if it had one; it may be on its way to its file.</param>
    public void Finish(TaskId task, bool whole, TaskLog? log)
    {
        lock (_gate)
        {
            if (!table.IsDeleting(task))
                return;

            lock (log?.FileGate ?? new Lock())
                Remove(task, whole);
            table.EndDelete(task);
        }
    }

    /// <summary>Whether the journal still holds a tombstone for all of the task: a task of that id would not survive a restart.</summary>
    public bool IsGone(TaskId task)
    {
        lock (_gone)
            return _gone.Contains(task);
    }

    /// <summary>The tombstones of this segment are gone with it.</summary>
    public void Forget(Segment segment)
    {
        lock (_gone)
            _gone.ExceptWith(segment.Deletions.Keys);
    }

    private void Bury(TaskId task)
    {
        lock (_gone)
            _gone.Add(task);
    }

    private void Remove(TaskId task, bool whole)
    {
        if (whole)
            disk.DeleteFolder(layout.Task(task));
        else
            disk.Delete(layout.Events(task));
        handles.Forget(task);
    }
}
