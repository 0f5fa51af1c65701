using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>The record of a run's task. Safe to use from any thread.</summary>
internal sealed class RunRecord(TaskRecord record, ITaskStore tasks, StoreRetry retry, RunState state)
{
    private TaskRecord _current = record;

    /// <summary>The record as this run stored it last.</summary>
    public TaskRecord Current => Volatile.Read(ref _current);

    /// <summary>Stores a change of the record, unless <paramref name="change"/> returns <see langword="null"/>. A store that fails is tried again until
    /// <see cref="Streams.StreamOptions.StoreOutage"/> has passed or the server shuts down.</summary>
    /// <exception cref="StaleEpochException">Another attempt owns the task, or the task was deleted.</exception>
    /// <exception cref="IOException">The store could not write.</exception>
    public async ValueTask UpdateAsync(Func<TaskRecord, TaskRecord?> change) =>
        await retry.RunAsync(() => UpdateOnceAsync(change), state.WhenShuttingDownAsync);

    /// <summary>As <see cref="UpdateAsync"/>; a store that fails is not tried again.</summary>
    /// <returns>The record as it is stored.</returns>
    public async ValueTask<TaskRecord> UpdateOnceAsync(Func<TaskRecord, TaskRecord?> change)
    {
        var known = Current;
        var stored = await tasks.UpdateAsync(known, current => current.Epoch == known.Epoch ? change(current) : throw Stale(), CancellationToken.None) ?? throw Stale();
        Set(stored);
        return stored;

        StaleEpochException Stale() => new(known.Id, known.Epoch);
    }

    /// <summary>Sets the record that was stored by another part of this run.</summary>
    public void Set(TaskRecord stored) => Volatile.Write(ref _current, stored);
}
