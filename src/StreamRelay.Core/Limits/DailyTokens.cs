using System.Runtime.InteropServices;
using StreamRelay.Tasks;

namespace StreamRelay.Limits;

/// <summary>The tokens of one day, by owner and key, as this process knows them: those of the tasks in the store when an owner was first looked up, and of the tasks that have ended
/// here since. Safe to use from any thread.</summary>
internal sealed class DailyTokens(ITaskStore tasks)
{
    private const int PageTasks = 1000;

    // A task that ends today was hardly started earlier than yesterday.
    private static readonly TimeSpan LongestTask = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Of, string Name), long> _sums = [];
    private readonly HashSet<string> _known = [];
    private DateTimeOffset _day;

    /// <summary>Adds the tokens of a task that has ended in the day.</summary>
    public void Add(DateTimeOffset day, TaskRequest task, long tokens)
    {
        lock (_lock)
        {
            BeginDay(day);
            Add(_sums, task, tokens);
        }
    }

    /// <summary>The tokens of the day that are known without the store.</summary>
    public IReadOnlyList<long> Peek(DateTimeOffset day, IReadOnlyList<LimitScope> scopes)
    {
        lock (_lock)
        {
            BeginDay(day);
            return Sums(scopes);
        }
    }

    /// <summary>The tokens of the day.</summary>
    public async ValueTask<IReadOnlyList<long>> ReadAsync(DateTimeOffset day, string owner, IReadOnlyList<LimitScope> scopes, CancellationToken cancellationToken)
    {
        if (!IsKnown(day, owner))
            Take(day, owner, await CountStoredAsync(day, owner, cancellationToken));

        lock (_lock)
            return Sums(scopes);
    }

    private static void Add(Dictionary<(string Of, string Name), long> sums, TaskRequest task, long tokens)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(sums, (LimitScope.OfOwner, task.Owner), out _) += tokens;
        if (task.KeyId is { } key)
            CollectionsMarshal.GetValueRefOrAddDefault(sums, (LimitScope.OfKey, key), out _) += tokens;
    }

    private long[] Sums(IReadOnlyList<LimitScope> scopes) => [.. scopes.Select(scope => _sums.GetValueOrDefault((scope.Of, scope.Name)))];

    private bool IsKnown(DateTimeOffset day, string owner)
    {
        lock (_lock)
        {
            BeginDay(day);
            return _known.Contains(owner);
        }
    }

    private void BeginDay(DateTimeOffset day)
    {
        if (day <= _day)
            return;

        _day = day;
        _sums.Clear();
        _known.Clear();
    }

    /// <summary>Takes what was counted in the store, unless more has been added here meanwhile.</summary>
    private void Take(DateTimeOffset day, string owner, Dictionary<(string Of, string Name), long> stored)
    {
        lock (_lock)
        {
            if (day != _day || !_known.Add(owner))
                return;

            foreach (var (scope, tokens) in stored)
                _sums[scope] = Math.Max(tokens, _sums.GetValueOrDefault(scope));
        }
    }

    private async ValueTask<Dictionary<(string Of, string Name), long>> CountStoredAsync(DateTimeOffset day, string owner, CancellationToken cancellationToken)
    {
        Dictionary<(string Of, string Name), long> sums = [];
        TaskId? before = null;
        while (await tasks.ListAsync(new() { Owner = owner, Before = before, Limit = PageTasks }, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var task in page.Where(task => task.EndedAt >= day))
                Add(sums, task.Request, TokenQuota.Count(task));
            if (page[^1].Request.CreatedAt < day - LongestTask)
                break;

            before = page[^1].Id;
        }

        return sums;
    }
}
