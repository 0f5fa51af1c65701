using StreamRelay.Limits;

namespace StreamRelay.Runs;

/// <summary>A start is refused, because so many tasks of its owner, its key or its agent wait already. A later call may succeed.</summary>
public sealed class TaskLimitException : Exception
{
    private TaskLimitException(string of, string whose, long limit, string setting)
        : base($"{limit} tasks of {whose} wait already ({setting}); try again when some have ended.") => Holder = of;

    /// <summary>What has the limit: <c>owner</c>, <c>key</c> or <c>agent</c>.</summary>
    public string Holder { get; }

    internal static TaskLimitException Of(LimitScope reached) =>
        new(reached.Of, $"this {reached.Of}", reached.Limit, $"StreamRelay:Streams:MaxQueuedTasksPer{(reached.Of == LimitScope.OfKey ? "Key" : "Owner")}");

    internal static TaskLimitException OfAgent(string agent, int limit) => new("agent", $"agent '{agent}'", limit, $"StreamRelay:Agents:{agent}:MaxQueued");
}
