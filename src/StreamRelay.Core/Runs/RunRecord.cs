using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>The record of a run's task. Safe to use from any thread.</summary>
internal sealed class RunRecord(TaskRecord record, ITaskStore tasks)
{
    private TaskRecord _current = record;

    /// <summary>The record as this run stored it last.</summary>
    public TaskRecord Current => Volatile.Read(ref _current);

    /// <summary>Stores a change of the record, unless <paramref name="change"/> returns <see langword="null"/>.</summary>
    /// <exception cref="StaleEpochException">Another attempt owns the task, or the task was deleted.</exception>
    public async ValueTask UpdateAsync(Func<TaskRecord, TaskRecord?> change)
    {
        var known = Current;
        var stored = await tasks.UpdateAsync(known, current => current.Epoch == known.Epoch ? change(current) : throw Stale(), CancellationToken.None);
        Set(stored ?? throw Stale());

        StaleEpochException Stale() => new(known.Id, known.Epoch);
    }

    /// <summary>Sets the record that was stored by another part of this run.</summary>
    public void Set(TaskRecord stored) => Volatile.Write(ref _current, stored);
}
