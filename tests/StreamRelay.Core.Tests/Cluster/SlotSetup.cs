using StreamRelay.Agents;
using StreamRelay.Runs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Cluster;

/// <summary>Limits of running tasks, and tasks that they apply to.</summary>
internal static class SlotSetup
{
    /// <summary>A task that never completes.</summary>
    public static Task Never { get; } = new TaskCompletionSource().Task;

    /// <summary>The limits of one agent.</summary>
    public static RunLimits Limits(StreamOptions options, int maxConcurrent = 0) => new(
        options, new([new("agent", new DelegateRunner((_, _) => Never), new() { MaxConcurrent = maxConcurrent })]));

    /// <summary>A task of the agent.</summary>
    public static TaskRequest Request(string owner = "ann") => new() { Id = TaskId.New(TimeProvider.System), Agent = "agent", Owner = owner, CreatedAt = default };
}
