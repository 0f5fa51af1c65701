using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using StreamRelay.Storage.Memory;
using StreamRelay.Tasks;

namespace StreamRelay.Limits;

/// <summary>The tokens of a day that nodes count together.</summary>
public sealed class TokenQuotaTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly FakeTimeProvider _time = new(new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));
    private readonly SharedSums _sums = new();
    private readonly TokenQuota _quota;

    public TokenQuotaTests() => _quota = new(Options.Create(new TokenQuotaOptions { PerDayPerOwner = 100 }), new MemoryTaskStore(), _time, _sums);

    [Fact]
    public async Task A_sum_that_the_shared_store_has_lost_is_no_less_than_what_the_tasks_of_this_process_have_used()
    {
        _quota.Add(Ended(tokens: 60));
        Assert.Equal(60, await UsedAsync());

        _sums.Value = 90;
        Assert.Equal(90, await UsedAsync());

        _sums.Value = 0;
        Assert.Equal(60, await UsedAsync());
    }

    [Fact]
    public async Task The_next_day_begins_with_no_tokens()
    {
        _quota.Add(Ended(tokens: 60));
        _sums.Value = 0;

        _time.Advance(TimeSpan.FromHours(12));

        Assert.Equal(0, await UsedAsync());
    }

    private async Task<long> UsedAsync() => Assert.Single(await _quota.ReadAsync("ann", null, None)).Used;

    private TaskRecord Ended(int tokens) => new()
    {
        Request = new() { Id = TaskId.New(_time), Agent = "agent", Owner = "ann", CreatedAt = _time.GetUtcNow() },
        State = TaskState.Completed,
        Usage = new(tokens, 0, Estimated: false),
    };

    private sealed class SharedSums : ISharedSums
    {
        public long Value { get; set; }

        public void Add(IReadOnlyList<string> names, long amount, DateTimeOffset until) => Value += amount;

        public ValueTask<IReadOnlyList<long>?> ReadAsync(IReadOnlyList<string> names) => new([.. names.Select(_ => Value)]);
    }
}
