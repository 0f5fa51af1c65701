namespace StreamRelay.Runs;

/// <summary>The places for running tasks, given out in the order of asking.</summary>
internal sealed class RunSlots(int count)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private int _free = count;

    /// <summary>Takes a place as soon as there is one.</summary>
    /// <returns><see langword="false"/> when <paramref name="giveUp"/> ended first: no place was taken.</returns>
    public async ValueTask<bool> EnterAsync(Task giveUp)
    {
        LinkedListNode<TaskCompletionSource> place;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return true;
            }

            place = _waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        await Task.WhenAny(place.Value.Task, giveUp);
        lock (_lock)
        {
            if (place.Value.Task.IsCompleted)
                return true;

            _waiting.Remove(place);
            return false;
        }
    }

    /// <summary>Gives a place back.</summary>
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
