using Microsoft.Extensions.Options;
using StreamRelay.Tasks;

namespace StreamRelay.Limits;

/// <summary>Counts the tokens of tasks by owner and key, when they end, and refuses the starts of those that have used the tokens of the day. Safe to use from any thread.</summary>
public sealed class TokenQuota(IOptions<TokenQuotaOptions> options, ITaskStore tasks, TimeProvider time, ISharedSums? shared = null)
{
    private const string Tokens = "tokens";

    // Numbers of a producer are not checked, and sums of them must not overflow.
    private const long MostTokens = 1L << 40;

    private readonly DailyTokens _daily = new(tasks);

    /// <summary>The limits of a caller, and what is used of them.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="keyId">The key, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The tasks cannot be read.</exception>
    public async ValueTask<IReadOnlyList<TokenUse>> ReadAsync(string owner, string? keyId, CancellationToken cancellationToken)
    {
        var scopes = Scopes(owner, keyId);
        if (scopes.Count == 0)
            return [];

        var day = Today();
        var used = await ReadSharedAsync(scopes, day) ?? await _daily.ReadAsync(day, owner, scopes, cancellationToken);
        return [.. scopes.Zip(used, (scope, tokens) => new TokenUse(scope.Of, scope.Limit, tokens, day.AddDays(1)))];
    }

    /// <summary>Checks that a task may start. Tasks that run are counted when they end, so that they may exceed the limit.</summary>
    /// <exception cref="TokenLimitException">The tokens of the day are used up.</exception>
    /// <exception cref="IOException">The tasks cannot be read.</exception>
    internal async ValueTask CheckAsync(TaskRequest request, CancellationToken cancellationToken)
    {
        foreach (var use in await ReadAsync(request.Owner, request.KeyId, cancellationToken))
        {
            if (use.Used >= use.Limit)
                throw new TokenLimitException(use);
        }
    }

    /// <summary>Counts the tokens of a task that has ended.</summary>
    internal void Add(TaskRecord ended)
    {
        var scopes = Scopes(ended.Request.Owner, ended.Request.KeyId);
        if (scopes.Count == 0 || Count(ended) is not (> 0 and var tokens))
            return;

        var day = Today();
        _daily.Add(day, ended.Request, tokens);
        shared?.Add(Names(scopes, day), tokens, day.AddDays(1));
    }

    /// <summary>The tokens that a task has used, as far as is known.</summary>
    internal static long Count(TaskRecord task) =>
        task.Usage is { } usage ? Math.Clamp(usage.PromptTokens, 0, MostTokens) + Math.Clamp(usage.CompletionTokens, 0, MostTokens) : 0;

    /// <summary>The sums of all nodes. A sum that the shared store has lost begins again at 0, and is no less than what this process knows of it.</summary>
    private async ValueTask<IReadOnlyList<long>?> ReadSharedAsync(IReadOnlyList<LimitScope> scopes, DateTimeOffset day) =>
        shared is not null && await shared.ReadAsync(Names(scopes, day)) is { } sums ? [.. sums.Zip(_daily.Peek(day, scopes), Math.Max)] : null;

    private static string[] Names(IEnumerable<LimitScope> scopes, DateTimeOffset day) => [.. scopes.Select(scope => $"{Tokens}:{day:yyyyMMdd}:{scope.Of}:{scope.Name}")];

    private DateTimeOffset Today() => new(time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);

    private List<LimitScope> Scopes(string owner, string? keyId)
    {
        var limits = options.Value;
        List<LimitScope> scopes = [];
        if (limits.PerDayPerKey > 0 && keyId is not null)
            scopes.Add(new(Tokens, LimitScope.OfKey, keyId, limits.PerDayPerKey));
        if (limits.PerDayPerOwner > 0)
            scopes.Add(new(Tokens, LimitScope.OfOwner, owner, limits.PerDayPerOwner));

        return scopes;
    }
}
