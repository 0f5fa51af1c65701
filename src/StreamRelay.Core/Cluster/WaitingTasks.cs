using System.Collections.Concurrent;
using StreamRelay.Runs;
using StreamRelay.Tasks;

namespace StreamRelay.Cluster;

/// <summary>Tasks that this node has taken and has no slot for, until it has one or another node can run them. Safe to use from any thread.</summary>
internal sealed class WaitingTasks(RunSlots slots)
{
    private readonly ConcurrentDictionary<TaskId, TaskCompletionSource> _waiting = new();

    /// <summary>Whether no task waits.</summary>
    public bool IsEmpty => _waiting.IsEmpty;

    /// <summary>Takes a slot as soon as one is free for the task.</summary>
    /// <returns><see langword="false"/> when the task is to be handed over, or <paramref name="stopped"/> completed first.</returns>
    public async ValueTask<bool> EnterAsync(TaskRequest request, Task stopped)
    {
        if (slots.TryEnter(request))
            return true;

        var handedOver = _waiting.GetOrAdd(request.Id, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            return await slots.EnterAsync(request, Task.WhenAny(stopped, handedOver.Task));
        }
        finally
        {
            _waiting.TryRemove(request.Id, out _);
        }
    }

    /// <summary>Lets at most so many tasks go to another node.</summary>
    public void HandOver(int count)
    {
        foreach (var waiting in _waiting.Values.Take(count))
            waiting.TrySetResult();
    }
}
