using StreamRelay.Agents;
using StreamRelay.Streams;

namespace StreamRelay.Runs;

/// <summary>How many tasks run and wait at the most: in sum, of one owner and of one agent.</summary>
internal sealed class RunLimits(StreamOptions options, AgentRegistry agents)
{
    /// <summary>Tasks that run at once.</summary>
    public int Running => options.MaxRunningTasks;

    /// <summary>Tasks of one owner that run at once.</summary>
    public int OwnerRunning { get; } = options.MaxRunningTasksPerOwner > 0 ? options.MaxRunningTasksPerOwner : (options.MaxRunningTasks + 1) / 2;

    /// <summary>Tasks of one owner that wait.</summary>
    public int OwnerQueued => options.MaxQueuedTasksPerOwner;

    /// <summary>Tasks of an agent that run at once.</summary>
    public int AgentRunning(string agent) => OrUnlimited(agents.Find(agent)?.Options.MaxConcurrent);

    /// <summary>Tasks of an agent that wait.</summary>
    public int AgentQueued(string agent) => OrUnlimited(agents.Find(agent)?.Options.MaxQueued);

    private static int OrUnlimited(int? limit) => limit is > 0 ? limit.Value : int.MaxValue;
}
