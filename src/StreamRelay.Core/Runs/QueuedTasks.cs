using StreamRelay.Limits;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Knows about how many tasks of an owner or a key wait on all nodes. A refusal is decided by counting them. Safe to use from any thread.</summary>
internal sealed class QueuedTasks(ITaskCounts store, TimeProvider time)
{
    // How many nodes can use up what is left before this one counts again.
    private const int Nodes = 4;
    private const int MostKnown = 10_000;

    private static readonly TimeSpan LongestAge = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Of, string Name), (int Counted, int Added, long At)> _known = [];

    /// <summary>Counts a task that is about to wait, unless as many wait as may.</summary>
    public async ValueTask<bool> TryAddAsync(LimitScope scope, CancellationToken cancellationToken)
    {
        if (TryAdd(scope))
            return true;

        var counted = await CountAsync(scope, cancellationToken);
        lock (_lock)
        {
            if (_known.Count >= MostKnown)
                _known.Clear();

            _known[(scope.Of, scope.Name)] = (counted, 1, time.GetTimestamp());
        }

        return counted < scope.Limit;
    }

    /// <summary>The tasks that wait.</summary>
    public ValueTask<int> CountAsync(LimitScope scope, CancellationToken cancellationToken) => scope.Of == LimitScope.OfKey
        ? store.CountQueuedOfKeyAsync(scope.Name, cancellationToken)
        : store.CountQueuedOfOwnerAsync(scope.Name, cancellationToken);

    private bool TryAdd(LimitScope scope)
    {
        lock (_lock)
        {
            if (!_known.TryGetValue((scope.Of, scope.Name), out var known)
                || time.GetElapsedTime(known.At) >= LongestAge || known.Added >= (scope.Limit - known.Counted) / Nodes)
            {
                return false;
            }

            _known[(scope.Of, scope.Name)] = known with { Added = known.Added + 1 };
            return true;
        }
    }
}
