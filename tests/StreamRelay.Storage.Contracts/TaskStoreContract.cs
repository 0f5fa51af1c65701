using System.Text;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Contracts;

public abstract class TaskStoreContract(IStoreFixture store) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TaskInput Input = new(Encoding.UTF8.GetBytes("\"topic\""), Encoding.UTF8.GetBytes("""{"language":"de"}"""));

    private ITaskStore Tasks => store.Tasks;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await store.DisposeAsync();

    [Fact]
    public async Task A_task_comes_back_exactly_also_after_a_restart()
    {
        var record = Full();
        Assert.Null(await Tasks.AddAsync(record, Input, None));
        await store.ReopenAsync();

        var found = await Tasks.FindAsync(record.Id, None);
        var input = await Tasks.GetInputAsync(record.Id, None);

        AssertSame(record, found!);
        Assert.Equal(Input.Content.ToArray(), input!.Content.ToArray());
        Assert.Equal(Input.Options.ToArray(), input.Options.ToArray());
    }

    [Fact]
    public async Task An_unknown_task_is_not_found()
    {
        Assert.Null(await Tasks.FindAsync(SampleEntries.NewTask(), None));
        Assert.Null(await Tasks.GetInputAsync(SampleEntries.NewTask(), None));
        Assert.Null(await Tasks.FindByKeyAsync("me", "key", None));
        Assert.False(await Tasks.TryUpdateAsync(New(), None));
        Assert.False(await Tasks.DeleteAsync(SampleEntries.NewTask(), None));
    }

    [Fact]
    public async Task An_id_is_taken_once()
    {
        var record = New();
        await Tasks.AddAsync(record, Input, None);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Tasks.AddAsync(record, Input, None).AsTask());
    }

    [Fact]
    public async Task An_idempotency_key_is_unique_per_owner_also_after_a_restart()
    {
        var first = New(key: "k");
        Assert.Null(await Tasks.AddAsync(first, Input, None));
        await store.ReopenAsync();

        Assert.Equal(first.Id, (await Tasks.AddAsync(New(key: "k"), Input, None))!.Id);
        Assert.Null(await Tasks.AddAsync(New(owner: "you", key: "k"), Input, None));
        Assert.Equal(first.Id, (await Tasks.FindByKeyAsync("me", "k", None))!.Id);
    }

    [Fact]
    public async Task Of_many_starts_with_one_key_one_is_stored()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Tasks.AddAsync(New(key: "k"), Input, None).AsTask())));

        Assert.Single(results, result => result is null);
        Assert.Single(await Tasks.ListAsync(new(), None));
    }

    [Fact]
    public async Task An_update_counts_the_version_up_and_survives_a_restart()
    {
        var record = New();
        await Tasks.AddAsync(record, Input, None);

        Assert.True(await Tasks.TryUpdateAsync(record with { State = TaskState.Running }, None));
        await store.ReopenAsync();

        var found = await Tasks.FindAsync(record.Id, None);
        Assert.Equal((TaskState.Running, record.Version + 1), (found!.State, found.Version));
    }

    [Fact]
    public async Task Of_many_updates_of_one_version_one_wins()
    {
        var record = New();
        await Tasks.AddAsync(record, Input, None);

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            epoch => Task.Run(() => Tasks.TryUpdateAsync(record with { Epoch = epoch }, None).AsTask())));

        Assert.Single(results, won => won);
    }

    [Fact]
    public async Task A_list_is_newest_first_in_pages()
    {
        var added = new List<TaskId>();
        for (var number = 0; number < 7; number++)
        {
            var record = New();
            added.Insert(0, record.Id);
            await Tasks.AddAsync(record, Input, None);
        }

        added = [.. added.OrderDescending()];
        var first = await Tasks.ListAsync(new() { Limit = 3 }, None);
        var second = await Tasks.ListAsync(new() { Limit = 10, Before = first[^1].Id }, None);

        Assert.Equal(added, first.Concat(second).Select(record => record.Id));
    }

    [Fact]
    public async Task A_list_holds_what_matches_every_condition()
    {
        var wanted = Full();
        await Tasks.AddAsync(wanted, Input, None);
        await Tasks.AddAsync(New(), Input, None);
        var query = new TaskQuery { Owner = "me", Agent = "writer", State = TaskState.Completed, SessionId = "s", EndedBefore = wanted.EndedAt };

        Assert.Equal(wanted.Id, Assert.Single(await Tasks.ListAsync(query, None)).Id);
        Assert.Equal(wanted.Id, Assert.Single(await Tasks.ListAsync(query with { Agents = ["x", "writer"] }, None)).Id);
        TaskQuery[] others =
        [
            query with { Owner = "you" }, query with { Agent = "x" }, query with { Agents = ["x", "probe"] }, query with { Agents = [] }, query with { State = TaskState.Failed },
            query with { SessionId = "x" }, query with { EndedBefore = wanted.EndedAt!.Value.AddMilliseconds(-1) },
        ];
        foreach (var other in others)
            Assert.Empty(await Tasks.ListAsync(other, None));
    }

    [Fact]
    public async Task A_deleted_task_is_forgotten_with_its_key_also_after_a_restart()
    {
        var record = New(key: "k");
        await Tasks.AddAsync(record, Input, None);

        Assert.True(await Tasks.DeleteAsync(record.Id, None));
        Assert.False(await Tasks.DeleteAsync(record.Id, None));
        await store.ReopenAsync();

        Assert.Null(await Tasks.FindAsync(record.Id, None));
        Assert.Null(await Tasks.GetInputAsync(record.Id, None));
        Assert.Null(await Tasks.FindByKeyAsync("me", "k", None));
    }

    private static TaskRecord New(string owner = "me", string? key = null) => new()
    {
        Request = new() { Id = SampleEntries.NewTask(), Agent = "probe", Owner = owner, CreatedAt = SampleEntries.Start, IdempotencyKey = key },
    };

    private static TaskRecord Full() => new()
    {
        Request = new()
        {
            Id = SampleEntries.NewTask(),
            Agent = "writer",
            Owner = "me",
            CreatedAt = SampleEntries.Start,
            SessionId = "s",
            OperationId = "o",
            ToolCallId = "t",
            IdempotencyKey = "full",
            RequestFingerprint = "abc",
            KeyId = "key_0123456789abcdef",
            BasePath = "/ai",
            Title = "Über Läufe",
            Metadata = Encoding.UTF8.GetBytes("""{"a": 1}"""),
            Protocol = Encoding.UTF8.GetBytes("""{"p":"ü"}"""),
        },
        State = TaskState.Completed,
        Epoch = 3,
        Version = 5,
        StopRequested = true,
        StartedAt = SampleEntries.Start,
        EndedAt = SampleEntries.Start.AddSeconds(1),
        LastOffset = 9,
        Bytes = 100,
        Usage = new(1, 2, true),
        Result = """{"rows":[42,"ü"]}""",
        Error = new("c", "m"),
        Files = [new("a.md", "text/markdown", 3, "00ff", SampleEntries.Start)],
    };

    private static void AssertSame(TaskRecord expected, TaskRecord found)
    {
        Assert.Equal(expected.Request.Metadata.ToArray(), found.Request.Metadata.ToArray());
        Assert.Equal(expected.Request.Protocol.ToArray(), found.Request.Protocol.ToArray());
        Assert.Equal(expected.Files, found.Files);
        Assert.Equal(expected.Request with { Metadata = default, Protocol = default }, found.Request with { Metadata = default, Protocol = default });
        Assert.Equal(expected with { Request = found.Request, Files = found.Files }, found);
    }
}
