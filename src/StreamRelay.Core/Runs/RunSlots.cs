namespace StreamRelay.Runs;

/// <summary>The slots for running tasks. A free slot goes to the run that has waited longest. Safe to use from any thread.</summary>
internal sealed class RunSlots(int count)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private int _free = count;

    /// <summary>Takes a slot as soon as one is free.</summary>
    /// <returns><see langword="false"/> when <paramref name="giveUp"/> completed first: no slot was taken.</returns>
    public async ValueTask<bool> EnterAsync(Task giveUp)
    {
        LinkedListNode<TaskCompletionSource> waiter;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return true;
            }

            waiter = _waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        await Task.WhenAny(waiter.Value.Task, giveUp);
        lock (_lock)
        {
            if (waiter.Value.Task.IsCompleted)
                return true;

            _waiting.Remove(waiter);
            return false;
        }
    }

    /// <summary>Frees a slot.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (_waiting.First is { } next)
            {
                _waiting.RemoveFirst();
                next.Value.SetResult();
            }
            else
            {
                _free++;
            }
        }
    }
}
