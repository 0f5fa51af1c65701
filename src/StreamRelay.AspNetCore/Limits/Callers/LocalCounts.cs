using System.Runtime.InteropServices;
using StreamRelay.Limits;

namespace StreamRelay.AspNetCore.Limits.Callers;

/// <summary>Numbers of things that are open in this process. Safe to use from any thread.</summary>
internal sealed class LocalCounts
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Of, string Name), long> _counts = [];

    /// <summary>Counts one more thing, unless one of the limits is reached.</summary>
    /// <returns>The limit that is reached: the thing is not counted.</returns>
    public LimitScope? Enter(IReadOnlyList<LimitScope> scopes)
    {
        lock (_lock)
        {
            foreach (var scope in scopes)
            {
                if (_counts.GetValueOrDefault((scope.Of, scope.Name)) >= scope.Limit)
                    return scope;
            }

            foreach (var scope in scopes)
                CollectionsMarshal.GetValueRefOrAddDefault(_counts, (scope.Of, scope.Name), out _)++;

            return null;
        }
    }

    /// <summary>Removes a thing that was counted.</summary>
    public void Leave(IReadOnlyList<LimitScope> scopes)
    {
        lock (_lock)
        {
            foreach (var scope in scopes)
            {
                if (--CollectionsMarshal.GetValueRefOrAddDefault(_counts, (scope.Of, scope.Name), out _) == 0)
                    _counts.Remove((scope.Of, scope.Name));
            }
        }
    }

    /// <summary>The numbers.</summary>
    public IReadOnlyList<long> Count(IReadOnlyList<LimitScope> scopes)
    {
        lock (_lock)
            return [.. scopes.Select(scope => _counts.GetValueOrDefault((scope.Of, scope.Name)))];
    }
}
