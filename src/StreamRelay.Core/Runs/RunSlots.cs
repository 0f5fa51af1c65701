using StreamRelay.Limits;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>The slots for running tasks. A free slot goes to the owner with the fewest running tasks, and of owners with as many to the run that has waited longest,
/// unless the owner, the key or the agent has as many running tasks as it may have. Safe to use from any thread.</summary>
internal sealed class RunSlots(RunLimits limits)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RunGroup, LinkedList<Waiter>> _waiting = [];
    private readonly HashSet<TaskId> _holders = [];
    private readonly GroupCounts _running = new();
    private int _free = limits.AllRunning;
    private long _arrivals;

    /// <summary>The running tasks of an owner or a key.</summary>
    public long Count(LimitScope scope)
    {
        lock (_lock)
            return _running.Of(scope);
    }

    /// <summary>The running tasks of an agent.</summary>
    public int CountAgent(string agent)
    {
        lock (_lock)
            return _running.OfAgent(agent);
    }

    /// <summary>Takes a slot if one is free for the task, or the task has one.</summary>
    public bool TryEnter(TaskRequest request)
    {
        lock (_lock)
            return TryTake(request);
    }

    /// <summary>Takes a slot as soon as one is free for the task. A task that has a slot gets no second one.</summary>
    /// <returns><see langword="false"/> when <paramref name="giveUp"/> completed first: no slot was taken.</returns>
    public async ValueTask<bool> EnterAsync(TaskRequest request, Task giveUp)
    {
        LinkedListNode<Waiter> waiter;
        lock (_lock)
        {
            if (TryTake(request))
                return true;

            waiter = Wait(request);
        }

        await Task.WhenAny(waiter.Value.Admitted.Task, giveUp);
        lock (_lock)
        {
            if (waiter.Value.Admitted.Task.IsCompleted)
                return true;

            Remove(waiter);
            return false;
        }
    }

    /// <summary>Frees the slot of a task, if it has one.</summary>
    public void Leave(TaskRequest request)
    {
        lock (_lock)
        {
            if (!_holders.Remove(request.Id))
                return;

            _free++;
            _running.Change(RunGroup.Of(request), isMore: false);
            while (_free > 0 && FindNext() is { } waiter)
            {
                Remove(waiter);
                Take(waiter.Value.Request);
                waiter.Value.Admitted.SetResult();
            }
        }
    }

    private bool IsAtLimit(RunGroup group) => _running.OfOwner(group.Owner) >= limits.OwnerRunning
        || _running.OfAgent(group.Agent) >= limits.AgentRunning(group.Agent) || (group.KeyId is { } key && _running.OfKey(key) >= limits.KeyRunning);

    private bool TryTake(TaskRequest request)
    {
        if (!_holders.Contains(request.Id) && (_free == 0 || IsAtLimit(RunGroup.Of(request))))
            return false;

        Take(request);
        return true;
    }

    private void Take(TaskRequest request)
    {
        if (!_holders.Add(request.Id))
            return;

        _free--;
        _running.Change(RunGroup.Of(request), isMore: true);
    }

    private LinkedListNode<Waiter> Wait(TaskRequest request)
    {
        if (!_waiting.TryGetValue(RunGroup.Of(request), out var group))
            _waiting[RunGroup.Of(request)] = group = new();

        return group.AddLast(new Waiter(request, new(TaskCreationOptions.RunContinuationsAsynchronously), _arrivals++));
    }

    private void Remove(LinkedListNode<Waiter> waiter)
    {
        var group = waiter.List!;
        group.Remove(waiter);
        if (group.Count == 0)
            _waiting.Remove(RunGroup.Of(waiter.Value.Request));
    }

    private LinkedListNode<Waiter>? FindNext()
    {
        LinkedListNode<Waiter>? next = null;
        var best = (Running: int.MaxValue, Arrival: long.MaxValue);
        foreach (var (group, waiters) in _waiting)
        {
            var rank = (_running.OfOwner(group.Owner), waiters.First!.Value.Arrival);
            if (rank.CompareTo(best) < 0 && !IsAtLimit(group))
                (next, best) = (waiters.First, rank);
        }

        return next;
    }

    private sealed record Waiter(TaskRequest Request, TaskCompletionSource Admitted, long Arrival);
}
