using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Counts the tasks that run or wait in this process, and refuses more than may wait. Safe to use from any thread.</summary>
internal sealed class OpenTasks(RunLimits limits, RunSlots slots)
{
    private readonly Lock _lock = new();
    private readonly NameCounts _owners = new();
    private readonly NameCounts _agents = new();

    /// <summary>Checks that one more task of the owner and of the agent may wait. Starts that come at the same moment can exceed the limit by their number.</summary>
    /// <exception cref="TaskLimitException">So many tasks wait already.</exception>
    public void Check(TaskRequest request)
    {
        var (ownerRunning, agentRunning) = (slots.CountOwner(request.Owner), slots.CountAgent(request.Agent));
        lock (_lock)
        {
            if (_owners[request.Owner] - ownerRunning >= limits.OwnerQueued)
                throw new TaskLimitException($"{limits.OwnerQueued} tasks of this owner wait already (StreamRelay:Streams:MaxQueuedTasksPerOwner); try again when some have ended.");
            if (_agents[request.Agent] - agentRunning >= limits.AgentQueued(request.Agent))
                throw new TaskLimitException($"{limits.AgentQueued(request.Agent)} tasks of agent '{request.Agent}' wait already (StreamRelay:Agents:{request.Agent}:MaxQueued); try again when some have ended.");
        }
    }

    /// <summary>The running and waiting tasks of an owner, and its limits.</summary>
    public OwnerTasks Count(string owner)
    {
        var running = slots.CountOwner(owner);
        lock (_lock)
            return new(running, limits.OwnerRunning, Math.Max(0, _owners[owner] - running), limits.OwnerQueued);
    }

    /// <summary>Counts a task.</summary>
    public void Add(TaskRequest request)
    {
        lock (_lock)
        {
            _owners.Add(request.Owner);
            _agents.Add(request.Agent);
        }
    }

    /// <summary>Removes a task that was counted.</summary>
    public void Remove(TaskRequest request)
    {
        lock (_lock)
        {
            _owners.Remove(request.Owner);
            _agents.Remove(request.Agent);
        }
    }
}
