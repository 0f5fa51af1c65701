using StreamRelay.Runs;
using StreamRelay.Tasks;

namespace StreamRelay.Cluster;

/// <summary>The two slots that a task of a cluster needs: one of this node, and one that all nodes share. No task holds one of them while it waits for the other. Safe to use from any thread.</summary>
internal sealed class TaskSlots(RunSlots local, SharedSlots shared)
{
    private readonly WaitingTasks _waiting = new(local);

    /// <summary>Whether tasks wait for a slot of this node.</summary>
    public bool HasWaiting => !_waiting.IsEmpty;

    /// <summary>Takes both slots if both are free for the task.</summary>
    public async ValueTask<bool> TryEnterAsync(TaskRequest request)
    {
        if (!local.TryEnter(request))
            return false;
        if (await shared.TryEnterAsync(request))
            return true;

        local.Leave(request);
        return false;
    }

    /// <summary>Takes both slots as soon as both are free for the task.</summary>
    /// <returns><see langword="false"/> when the task is to be handed over, or <paramref name="stopped"/> completed first: no slot was taken.</returns>
    public async ValueTask<bool> EnterAsync(TaskRequest request, Task stopped)
    {
        while (await shared.EnterAsync(request, stopped))
        {
            if (local.TryEnter(request))
                return true;

            // While the task waits for this node, another node may run one in its place.
            shared.Leave(request.Id);
            if (!await _waiting.EnterAsync(request, stopped))
                return false;
            if (await shared.TryEnterAsync(request))
                return true;

            local.Leave(request);
        }

        return false;
    }

    /// <summary>Frees both slots of a task, where it has them.</summary>
    public void Leave(TaskRequest request)
    {
        local.Leave(request);
        shared.Leave(request.Id);
    }

    /// <summary>Lets at most so many tasks that wait for a slot of this node go to another one.</summary>
    public void HandOver(int count) => _waiting.HandOver(count);
}
