using StreamRelay.Limits;
using StreamRelay.Runs;
using StreamRelay.Tasks;

namespace StreamRelay.Cluster;

/// <summary>The slots of the owners and keys whose running tasks are limited on all nodes together. At a shutdown a task that is handed over leaves its slot when its runner has returned;
/// what the node could not leave ends with its lease, and until then the task waits on the other node when no other slot is free. Safe to use from any thread.</summary>
internal sealed class SharedSlots(ISharedCounts? counts, RunLimits limits, TimeProvider time)
{
    // A slot that another node frees is found after this time.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly Dictionary<TaskId, IReadOnlyList<LimitScope>> _holders = [];
    private readonly Dictionary<(string Owner, string? KeyId), Task> _last = [];

    /// <summary>Takes a slot if one is free for the task, or the task needs none or has one.</summary>
    public async ValueTask<bool> TryEnterAsync(TaskRequest request)
    {
        LimitScope[] scopes = counts is null ? [] : [.. limits.Running(request.Owner, request.KeyId).Where(limits.IsShared)];
        if (scopes.Length == 0 || IsHolder(request.Id))
            return true;
        if (await counts!.EnterAsync(scopes) is not null)
            return false;

        lock (_lock)
        {
            if (_holders.TryAdd(request.Id, scopes))
                return true;
        }

        // The task was offered twice, and has one already.
        counts.Leave(scopes);
        return true;
    }

    /// <summary>Takes a slot as soon as one is free for the task. The tasks of one owner and key wait in line, and the first of them asks.</summary>
    /// <returns><see langword="false"/> when <paramref name="giveUp"/> completed first: no slot was taken.</returns>
    public async ValueTask<bool> EnterAsync(TaskRequest request, Task giveUp)
    {
        var line = (request.Owner, request.KeyId);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (_lock)
        {
            before = _last.GetValueOrDefault(line, Task.CompletedTask);
            _last[line] = done.Task;
        }

        try
        {
            return await EnterAfterAsync(before, request, giveUp);
        }
        finally
        {
            done.SetResult();
            lock (_lock)
            {
                // A later task of the line may have given up, and removed it, while an earlier one took its slot.
                if (_last.GetValueOrDefault(line) == done.Task)
                    _last.Remove(line);
            }
        }
    }

    /// <summary>Frees the slot of a task, if it has one.</summary>
    public void Leave(TaskId task)
    {
        lock (_lock)
        {
            if (_holders.Remove(task, out var scopes))
                counts!.Leave(scopes);
        }
    }

    private bool IsHolder(TaskId task)
    {
        lock (_lock)
            return _holders.ContainsKey(task);
    }

    private async ValueTask<bool> EnterAfterAsync(Task before, TaskRequest request, Task giveUp)
    {
        await Task.WhenAny(before, giveUp);
        while (!giveUp.IsCompleted)
        {
            if (await TryEnterAsync(request))
                return true;

            await Task.WhenAny(giveUp, Task.Delay(Pause, time, CancellationToken.None));
        }

        return false;
    }
}
