using StreamRelay.Limits;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Knows about how many tasks of an owner or a key wait on all nodes. They are counted before a refusal, which holds for a second, and before more than one hundredth of the limit
/// starts here that nothing was counted for. Safe to use from any thread.</summary>
internal sealed class QueuedTasks(ITaskCounts store, TimeProvider time)
{
    // How many nodes can use up what is left before this one counts again.
    private const int Nodes = 4;
    private const int UncountedShare = 100;
    private const int MostKnown = 10_000;

    private static readonly TimeSpan LongestAge = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RefusalAge = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Of, string Name), Known> _known = [];

    /// <summary>Counts a task that is about to wait, unless as many wait as may.</summary>
    public async ValueTask<bool> TryAddAsync(LimitScope scope, CancellationToken cancellationToken)
    {
        if (TryAdd(scope) is { } isAdded)
            return isAdded;

        var counted = await CountAsync(scope, cancellationToken);
        lock (_lock)
            Remember(scope, new(counted, 1, time.GetTimestamp()));

        return counted < scope.Limit;
    }

    /// <summary>The tasks that wait.</summary>
    public ValueTask<int> CountAsync(LimitScope scope, CancellationToken cancellationToken) => scope.Of == LimitScope.OfKey
        ? store.CountQueuedOfKeyAsync(scope.Name, cancellationToken)
        : store.CountQueuedOfOwnerAsync(scope.Name, cancellationToken);

    /// <returns><see langword="null"/> when the tasks have to be counted.</returns>
    private bool? TryAdd(LimitScope scope)
    {
        lock (_lock)
        {
            var known = _known.GetValueOrDefault((scope.Of, scope.Name));
            var age = known.At is { } at ? time.GetElapsedTime(at) : TimeSpan.MaxValue;
            if (known.Counted >= scope.Limit && age < RefusalAge)
                return false;

            var most = (scope.Limit - known.Counted) / Nodes;
            if (known.Added >= (age < LongestAge ? most : Math.Min(most, scope.Limit / UncountedShare)))
                return null;

            Remember(scope, known with { Added = known.Added + 1 });
            return true;
        }
    }

    private void Remember(LimitScope scope, Known known)
    {
        if (_known.Count >= MostKnown)
            _known.Clear();

        _known[(scope.Of, scope.Name)] = known;
    }

    /// <param name="Counted">The tasks that were counted.</param>
    /// <param name="Added">The tasks that were added here since.</param>
    /// <param name="At">When they were counted; <see langword="null"/> when they were not.</param>
    private readonly record struct Known(int Counted, int Added, long? At);
}
