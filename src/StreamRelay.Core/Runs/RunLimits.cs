using StreamRelay.Agents;
using StreamRelay.Limits;
using StreamRelay.Streams;

namespace StreamRelay.Runs;

/// <summary>How many tasks run and wait at the most: in sum, of one owner, of one key and of one agent.</summary>
internal sealed class RunLimits(StreamOptions options, AgentRegistry agents)
{
    /// <summary>Tasks that run at once here.</summary>
    public int AllRunning => options.MaxRunningTasks;

    /// <summary>Tasks of one owner that run at once here.</summary>
    public int OwnerRunning { get; } = options.MaxRunningTasksPerOwner > 0 ? options.MaxRunningTasksPerOwner : (options.MaxRunningTasks + 1) / 2;

    /// <summary>Tasks of one key that run at once here.</summary>
    public int KeyRunning { get; } = OrUnlimited(options.MaxRunningTasksPerKey);

    /// <summary>Tasks of an agent that run at once here.</summary>
    public int AgentRunning(string agent) => OrUnlimited(agents.Find(agent)?.Options.MaxConcurrent);

    /// <summary>Tasks of an agent that wait here.</summary>
    public int AgentQueued(string agent) => OrUnlimited(agents.Find(agent)?.Options.MaxQueued);

    /// <summary>The limits of running tasks of an owner, and of a key where it has one.</summary>
    public IReadOnlyList<LimitScope> Running(string owner, string? keyId) => Scopes("running_tasks", owner, OwnerRunning, keyId, options.MaxRunningTasksPerKey);

    /// <summary>Whether a limit of running tasks holds on all nodes together, and not on each.</summary>
    public bool IsShared(LimitScope running) => running.Of == LimitScope.OfKey || options.MaxRunningTasksPerOwner > 0;

    /// <summary>The limits of waiting tasks of an owner, and of a key where it has one; they hold on all nodes together.</summary>
    public IReadOnlyList<LimitScope> Queued(string owner, string? keyId) =>
        Scopes("queued_tasks", owner, options.MaxQueuedTasksPerOwner, keyId, options.MaxQueuedTasksPerKey);

    private static LimitScope[] Scopes(string what, string owner, int ofOwner, string? keyId, int ofKey) =>
        [new(what, LimitScope.OfOwner, owner, ofOwner), .. keyId is not null && ofKey > 0 ? [new LimitScope(what, LimitScope.OfKey, keyId, ofKey)] : Array.Empty<LimitScope>()];

    private static int OrUnlimited(int? limit) => limit is > 0 ? limit.Value : int.MaxValue;
}
