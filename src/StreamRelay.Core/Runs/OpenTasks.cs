using StreamRelay.Limits;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Counts the tasks that run or wait in this process, and refuses what their limits do not allow. Safe to use from any thread.</summary>
internal sealed class OpenTasks(RunLimits limits, RunSlots slots, RunQuotas quotas, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly GroupCounts _open = new();
    private readonly QueuedTasks? _queued = quotas.Queued is { } store ? new(store, time) : null;

    /// <summary>Checks that one more task of the owner, of the key and of the agent may start. Starts that come at the same moment can exceed a limit by their number.</summary>
    /// <exception cref="TaskLimitException">So many tasks wait already.</exception>
    /// <exception cref="TokenLimitException">The tokens of the day are used up.</exception>
    public async ValueTask CheckAsync(TaskRequest request, CancellationToken cancellationToken)
    {
        if (CountQueuedOfAgent(request.Agent) >= limits.AgentQueued(request.Agent))
            throw TaskLimitException.OfAgent(request.Agent, limits.AgentQueued(request.Agent));

        foreach (var scope in limits.Queued(request.Owner, request.KeyId))
        {
            if (CountQueued(scope) >= scope.Limit || (_queued is not null && !await _queued.TryAddAsync(scope, cancellationToken)))
                throw TaskLimitException.Of(scope);
        }

        if (quotas.Tokens is { } tokens)
            await tokens.CheckAsync(request, cancellationToken);
    }

    /// <summary>The limits of running tasks of an owner and of a key, each with the tasks that run.</summary>
    public async ValueTask<IReadOnlyList<(LimitScope Scope, long Count)>> CountRunningAsync(string owner, string? keyId)
    {
        var scopes = limits.Running(owner, keyId);
        var shared = quotas.Running is { } store ? await store.CountAsync(scopes) : null;
        return [.. scopes.Select((scope, index) => (scope, shared is not null && limits.IsShared(scope) ? shared[index] : slots.Count(scope)))];
    }

    /// <summary>The limits of waiting tasks of an owner and of a key, each with the tasks that wait.</summary>
    public async ValueTask<IReadOnlyList<(LimitScope Scope, long Count)>> CountQueuedAsync(string owner, string? keyId, CancellationToken cancellationToken)
    {
        List<(LimitScope, long)> counts = [];
        foreach (var scope in limits.Queued(owner, keyId))
            counts.Add((scope, _queued is null ? CountQueued(scope) : await _queued.CountAsync(scope, cancellationToken)));

        return counts;
    }

    /// <summary>Counts a task.</summary>
    public void Add(TaskRequest request) => Change(request, isMore: true);

    /// <summary>Removes a task that was counted.</summary>
    public void Remove(TaskRequest request) => Change(request, isMore: false);

    private int CountQueuedOfAgent(string agent)
    {
        var running = slots.CountAgent(agent);
        lock (_lock)
            return Math.Max(0, _open.OfAgent(agent) - running);
    }

    private long CountQueued(LimitScope scope)
    {
        var running = slots.Count(scope);
        lock (_lock)
            return Math.Max(0, _open.Of(scope) - running);
    }

    private void Change(TaskRequest request, bool isMore)
    {
        lock (_lock)
            _open.Change(RunGroup.Of(request), isMore);
    }
}
