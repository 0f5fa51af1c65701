using StreamRelay.Storage.Memory;
using StreamRelay.TestSupport;

namespace StreamRelay.Tasks;

public sealed class TaskUpdatesTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly MemoryTaskStore _tasks = new();

    [Fact]
    public async Task Changes_of_many_writers_are_all_stored()
    {
        var known = await AddAsync();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => _tasks.UpdateAsync(known, current => current with { Epoch = current.Epoch + 1 }, None).AsTask())));

        Assert.Equal(51, (await _tasks.FindAsync(known.Id, None))!.Epoch);
    }

    [Fact]
    public async Task An_update_returns_the_record_as_it_is_stored()
    {
        var known = await AddAsync();
        await _tasks.UpdateAsync(known, current => current with { Node = "other" }, None);

        var stored = await _tasks.UpdateAsync(known, current => current with { StopRequested = true }, None);

        Assert.Equal(await _tasks.FindAsync(known.Id, None), stored);
        Assert.Equal("other", stored!.Node);
        Assert.True(stored.StopRequested);
    }

    [Fact]
    public async Task A_change_that_is_not_wanted_leaves_the_record()
    {
        var known = await AddAsync();

        var stored = await _tasks.UpdateAsync(known, static _ => null, None);

        Assert.Equal(known, stored);
        Assert.Equal(known.Version, (await _tasks.FindAsync(known.Id, None))!.Version);
    }

    [Fact]
    public async Task A_deleted_task_is_not_stored_again()
    {
        var known = await AddAsync();
        await _tasks.DeleteAsync(known.Id, None);

        Assert.Null(await _tasks.UpdateAsync(known, current => current with { StopRequested = true }, None));
        Assert.Null(await _tasks.TryStoreAsync(known, None));
    }

    [Fact]
    public async Task Only_the_first_of_two_claims_is_stored()
    {
        var known = await AddAsync();

        var first = await _tasks.TryStoreAsync(known with { Node = "one" }, None);
        var second = await _tasks.TryStoreAsync(known with { Node = "two" }, None);

        Assert.Equal(known.Version + 1, first!.Version);
        Assert.Null(second);
    }

    private async Task<TaskRecord> AddAsync()
    {
        var record = new TaskRecord { Request = new() { Id = TaskId.New(TimeProvider.System), Agent = "agent", Owner = "me", CreatedAt = TimeProvider.System.GetUtcNow() } };
        Assert.Null(await _tasks.AddAsync(record, Relay.Text("hello"), None));
        return (await _tasks.FindAsync(record.Id, None))!;
    }
}
