using StreamRelay.Limits;

namespace StreamRelay.Cluster;

/// <summary>Numbers in memory, as several nodes would share them.</summary>
internal sealed class MemoryCounts : ISharedCounts
{
    private readonly Lock _lock = new();
    private readonly Dictionary<LimitScope, long> _counts = [];
    private readonly TaskCompletionSource _firstLeft = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _firstRefused = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when something was removed.</summary>
    public Task FirstLeft => _firstLeft.Task;

    /// <summary>Completes when a limit was reached.</summary>
    public Task FirstRefused => _firstRefused.Task;

    /// <summary>The sum of all numbers.</summary>
    public long Sum
    {
        get
        {
            lock (_lock)
                return _counts.Values.Sum();
        }
    }

    public ValueTask<LimitScope?> EnterAsync(IReadOnlyList<LimitScope> scopes)
    {
        lock (_lock)
        {
            foreach (var scope in scopes.Where(scope => _counts.GetValueOrDefault(scope) >= scope.Limit))
            {
                _firstRefused.TrySetResult();
                return new(scope);
            }

            foreach (var scope in scopes)
                _counts[scope] = _counts.GetValueOrDefault(scope) + 1;

            return default;
        }
    }

    public void Leave(IReadOnlyList<LimitScope> scopes)
    {
        lock (_lock)
        {
            foreach (var scope in scopes)
                _counts[scope]--;
        }

        _firstLeft.TrySetResult();
    }

    public ValueTask<IReadOnlyList<long>?> CountAsync(IReadOnlyList<LimitScope> scopes)
    {
        lock (_lock)
            return new([.. scopes.Select(scope => _counts.GetValueOrDefault(scope))]);
    }
}
