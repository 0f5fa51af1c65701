using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>Carries out the deletions that the journal records.</summary>
internal sealed class Deletions(ISegmentIndex index, LogTable table)
{
    /// <summary>Makes the log impossible to find. Called after the deletion is written to the journal.</summary>
    public void Begin(TaskId task) => table.BeginDelete(task);

    /// <summary>Removes the runs of the task from the index. A log of the same task can be opened afterwards.</summary>
    /// <exception cref="IOException">The index cannot be written now. The log stays impossible to find, and the call can be repeated.</exception>
    public async Task FinishAsync(TaskId task)
    {
        if (!table.IsDeleting(task))
            return;

        await index.DeleteAsync([task]);
        table.EndDelete(task);
    }
}
