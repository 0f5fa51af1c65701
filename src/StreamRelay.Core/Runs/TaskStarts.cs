using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>The starts of this process that are in progress, and those that were refused and have left a record. Safe to use from any thread.</summary>
internal sealed partial class TaskStarts(RunStores stores, SweepSignal sweep, ILogger logger)
{
    private readonly ConcurrentDictionary<TaskId, TaskCompletionSource<bool>> _starting = new();
    private readonly ConcurrentDictionary<TaskId, bool> _refused = new();

    /// <summary>Lists a start before its record is stored, so that every request that finds the record waits for the end of the start.</summary>
    public void Begin(TaskId task) => _starting[task] = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends a start.</summary>
    /// <param name="task">The task.</param>
    /// <param name="isStarted">Whether the task can be read.</param>
    public void End(TaskId task, bool isStarted)
    {
        if (_starting.TryRemove(task, out var start))
            start.SetResult(isStarted);
    }

    /// <summary>The start of a task that is in progress: whether the task can be read; <see langword="null"/> when none is in progress.</summary>
    public Task<bool>? Find(TaskId task) => _starting.TryGetValue(task, out var start) ? start.Task : null;

    /// <summary>Whether the start of a task was refused, and its record is still to be deleted.</summary>
    public bool IsRefused(TaskId task) => _refused.ContainsKey(task);

    /// <summary>Undoes a start that failed, unless another process has accepted the task meanwhile. After an undone start no process runs the task; its record
    /// is deleted, or the sweep deletes it.</summary>
    /// <returns>The task that another process has accepted; <see langword="null"/> when the start is undone.</returns>
    public async ValueTask<TaskRecord?> RefuseAsync(TaskRecord record)
    {
        var task = record.Id;
        TaskRecord? accepted = null;
        _refused[task] = true;
        var isDeleted = await TryAsync(task, async () => accepted = await DeleteUnlessAcceptedAsync(record));
        if (accepted is not null)
        {
            _refused.TryRemove(task, out _);
            return accepted;
        }

        // Not awaited, because the client has waited for the store already. It also helps where the record could not be deleted:
        // a restart takes a queued task without a log for a start that was refused.
        _ = TryAsync(task, async () =>
        {
            await stores.Log.DeleteAsync(task, CancellationToken.None);
            if (isDeleted)
                _refused.TryRemove(task, out _);
        });
        return null;
    }

    /// <summary>Deletes what a refused start has left.</summary>
    /// <exception cref="IOException">The store could not delete it.</exception>
    public async ValueTask DeleteAsync(TaskId task)
    {
        await stores.Tasks.DeleteAsync(task, CancellationToken.None);
        await stores.Log.DeleteAsync(task, CancellationToken.None);
        _refused.TryRemove(task, out _);
    }

    /// <summary>Deletes what refused starts have left.</summary>
    /// <exception cref="IOException">The store could not delete it.</exception>
    public async ValueTask DeleteRefusedAsync()
    {
        foreach (var (task, _) in _refused)
            await DeleteAsync(task);
    }

    private async Task<TaskRecord?> DeleteUnlessAcceptedAsync(TaskRecord record)
    {
        // Changed before it is deleted: a process that has read the record can then neither run nor accept the task.
        var stored = await stores.Tasks.UpdateAsync(record, static current => current.IsAccepted ? null : current with { StopRequested = true }, CancellationToken.None);
        if (stored is { IsAccepted: true })
            return stored;

        await stores.Tasks.DeleteAsync(record.Id, CancellationToken.None);
        return null;
    }

    private async Task<bool> TryAsync(TaskId task, Func<Task> delete)
    {
        try
        {
            await delete();
            return true;
        }
        catch (Exception exception)
        {
            StartNotUndone(task, exception);
            sweep.Request();
            return false;
        }
    }

    [LoggerMessage(6, LogLevel.Error, "The start of task {TaskId} was refused, and what it left could not be deleted; trying again")]
    private partial void StartNotUndone(TaskId taskId, Exception exception);
}
