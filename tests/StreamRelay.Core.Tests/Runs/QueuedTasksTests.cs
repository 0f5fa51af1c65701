using Microsoft.Extensions.Time.Testing;
using StreamRelay.Limits;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>When the waiting tasks of all nodes are counted.</summary>
public sealed class QueuedTasksTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly LimitScope Hundred = new("queued_tasks", LimitScope.OfOwner, "ann", 100);

    private readonly FakeTimeProvider _time = new();
    private readonly Store _store = new();
    private readonly QueuedTasks _queued;

    public QueuedTasksTests() => _queued = new(_store, _time);

    [Fact]
    public async Task The_first_hundredth_of_a_limit_costs_no_count()
    {
        Assert.True(await _queued.TryAddAsync(Hundred, None));
        Assert.True(await _queued.TryAddAsync(Hundred with { Name = "bob" }, None));
        Assert.Equal(0, _store.Counts);

        Assert.True(await _queued.TryAddAsync(Hundred, None));
        Assert.Equal(1, _store.Counts);
    }

    [Fact]
    public async Task A_small_limit_is_counted_from_the_first_task()
    {
        _store.Queued = 2;

        Assert.False(await _queued.TryAddAsync(Hundred with { Limit = 2 }, None));
    }

    [Fact]
    public async Task A_refusal_is_repeated_for_a_second_without_another_count()
    {
        _store.Queued = 100;
        Assert.True(await _queued.TryAddAsync(Hundred, None));
        Assert.False(await _queued.TryAddAsync(Hundred, None));
        _store.Queued = 0;

        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(await _queued.TryAddAsync(Hundred, None));
        Assert.Equal(1, _store.Counts);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(await _queued.TryAddAsync(Hundred, None));
        Assert.Equal(2, _store.Counts);
    }

    [Fact]
    public async Task What_is_not_counted_does_not_exceed_the_limit_step_by_step()
    {
        _store.Queued = 100;
        var started = 0;
        for (var minute = 0; minute < 100; minute++)
        {
            started += await _queued.TryAddAsync(Hundred, None) ? 1 : 0;
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(1, started);
    }

    private sealed class Store : ITaskCounts
    {
        public int Queued { get; set; }

        public int Counts { get; private set; }

        public ValueTask<int> CountQueuedOfOwnerAsync(string owner, CancellationToken cancellationToken)
        {
            Counts++;
            return new(Queued);
        }

        public ValueTask<int> CountQueuedOfKeyAsync(string keyId, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
