using StreamRelay.Tasks;

namespace StreamRelay.Postgres;

public sealed class PostgresLostReplyTests : PostgresTests
{
    [Fact]
    public Task An_update_whose_reply_was_lost_is_recognized() => WithAsync(async (lossy, _, proxy) =>
    {
        var record = await AddAsync(lossy);
        proxy.LoseReply("update streamrelay.tasks", () => Task.CompletedTask);

        Assert.True(await lossy.Tasks.TryUpdateAsync(record with { Result = "mine" }, None));
        Assert.Equal(1, (await lossy.Tasks.FindAsync(record.Id, None))!.Version);
    });

    [Fact]
    public Task An_update_is_recognized_even_after_later_updates_of_others() => WithAsync(async (lossy, direct, proxy) =>
    {
        var record = await AddAsync(lossy);
        proxy.LoseReply("update streamrelay.tasks", async () =>
        {
            for (var version = 1; version <= 50; version++)
                Assert.True(await direct.Tasks.TryUpdateAsync(record with { Version = version, Result = "theirs" }, None));
        });

        Assert.True(await lossy.Tasks.TryUpdateAsync(record with { Result = "mine" }, None));
        Assert.Equal(51, (await lossy.Tasks.FindAsync(record.Id, None))!.Version);
    });

    [Fact]
    public Task An_equal_update_by_another_writer_is_not_mistaken_for_the_own_update() => WithAsync(async (lossy, direct, proxy) =>
    {
        var record = await AddAsync(lossy);
        var claim = record with { Epoch = 2, State = TaskState.Running };
        proxy.LoseStatement("update streamrelay.tasks", async () => Assert.True(await direct.Tasks.TryUpdateAsync(claim, None)));

        Assert.False(await lossy.Tasks.TryUpdateAsync(claim, None));
        Assert.Equal(1, (await lossy.Tasks.FindAsync(record.Id, None))!.Version);
    });

    [Fact]
    public Task An_update_that_was_lost_is_repeated() => WithAsync(async (lossy, _, proxy) =>
    {
        var record = await AddAsync(lossy);
        proxy.LoseStatement("update streamrelay.tasks", () => Task.CompletedTask);

        Assert.True(await lossy.Tasks.TryUpdateAsync(record with { Result = "mine" }, None));
        Assert.Equal(1, (await lossy.Tasks.FindAsync(record.Id, None))!.Version);
    });

    [Theory]
    [InlineData(null)]
    [InlineData("k")]
    public Task A_task_that_was_added_without_a_reply_is_recognized(string? key) => WithAsync(async (lossy, direct, proxy) =>
    {
        var record = New(key: key);
        proxy.LoseReply("insert into streamrelay.tasks", async () => Assert.True(await direct.Tasks.TryUpdateAsync(record with { State = TaskState.Running }, None)));

        Assert.Null(await lossy.Tasks.AddAsync(record, Input, None));
        Assert.Equal(record.Id, Assert.Single(await lossy.Tasks.ListAsync(new(), None)).Id);
    });

    [Fact]
    public Task A_task_of_another_writer_with_the_same_key_or_id_is_not_mistaken_for_the_own_task() => WithAsync(async (lossy, direct, proxy) =>
    {
        var theirs = New(key: "k");
        proxy.LoseStatement("insert into streamrelay.tasks", async () => Assert.Null(await direct.Tasks.AddAsync(theirs, Input, None)));
        Assert.Equal(theirs.Id, (await lossy.Tasks.AddAsync(New(key: "k"), Input, None))!.Id);

        var record = New();
        proxy.LoseStatement("insert into streamrelay.tasks", async () => Assert.Null(await direct.Tasks.AddAsync(record, Input, None)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => lossy.Tasks.AddAsync(record, Input, None).AsTask());
    });

    [Fact]
    public Task A_task_that_was_deleted_without_a_reply_is_recognized() => WithAsync(async (lossy, _, proxy) =>
    {
        var record = await AddAsync(lossy);
        proxy.LoseReply("delete from streamrelay.tasks", () => Task.CompletedTask);

        Assert.True(await lossy.Tasks.DeleteAsync(record.Id, None));
        Assert.False(await lossy.Tasks.DeleteAsync(record.Id, None));
    });

    [Fact]
    public Task A_conversation_that_was_deleted_without_a_reply_is_recognized() => WithAsync(async (lossy, _, proxy) =>
    {
        await lossy.Conversations.AddAsync(new("conv_1", "ada", SampleEntries.Start, "{}"u8.ToArray()), [], None);
        proxy.LoseReply("delete from streamrelay.conversations", () => Task.CompletedTask);

        Assert.True(await lossy.Conversations.DeleteAsync("ada", "conv_1", None));
        Assert.False(await lossy.Conversations.DeleteAsync("ada", "conv_1", None));
    });

    [Fact]
    public Task An_item_that_was_deleted_without_a_reply_is_recognized() => WithAsync(async (lossy, _, proxy) =>
    {
        await lossy.Conversations.AddAsync(new("conv_1", "ada", SampleEntries.Start, "{}"u8.ToArray()), [new("a", "{}"u8.ToArray())], None);
        proxy.LoseReply("COMMIT", () => Task.CompletedTask);

        Assert.True(await lossy.Conversations.DeleteItemAsync("ada", "conv_1", "a", None));
        Assert.False(await lossy.Conversations.DeleteItemAsync("ada", "conv_1", "a", None));
        Assert.Equal(0, (await lossy.Conversations.FindAsync("ada", "conv_1", None))!.Items);
    });

    [Theory]
    [InlineData("insert into streamrelay.files")]
    [InlineData("insert into streamrelay.chunks")]
    [InlineData("update streamrelay.files")]
    public Task A_file_is_saved_through_a_lost_reply(string statement) => WithAsync(async (lossy, direct, proxy) =>
    {
        var task = SampleEntries.NewTask();
        var bytes = new byte[600_000];
        new Random(1).NextBytes(bytes);
        await lossy.Files.SaveAsync(task, "a", "text/plain", new MemoryStream([1]), None);
        proxy.LoseReply(statement, () => Task.CompletedTask);

        await lossy.Files.SaveAsync(task, "a", "text/plain", new MemoryStream(bytes), None);

        await using var file = await direct.Files.OpenAsync(task, "a", None);
        using var copy = new MemoryStream();
        await file!.CopyToAsync(copy);
        Assert.Equal(bytes, copy.ToArray());
        Assert.Equal(1L, await ExecuteAsync("select count(*) from streamrelay.files"));
    });

    [Fact]
    public Task A_file_that_was_replaced_before_its_lost_reply_stays_replaced() => WithAsync(async (lossy, direct, proxy) =>
    {
        var task = SampleEntries.NewTask();
        proxy.LoseReply("update streamrelay.files", async () => await direct.Files.SaveAsync(task, "a", "text/plain", new MemoryStream([2, 2]), None));

        await lossy.Files.SaveAsync(task, "a", "text/plain", new MemoryStream([1]), None);

        await using var file = await direct.Files.OpenAsync(task, "a", None);
        Assert.Equal(2, file!.Length);
    });

    [Fact]
    public Task A_file_is_read_through_a_lost_reply() => WithAsync(async (lossy, _, proxy) =>
    {
        var task = SampleEntries.NewTask();
        await lossy.Files.SaveAsync(task, "a", "text/plain", new MemoryStream(new byte[300_000]), None);
        await using var file = await lossy.Files.OpenAsync(task, "a", None);
        proxy.LoseReply("from streamrelay.chunks", () => Task.CompletedTask);

        using var copy = new MemoryStream();
        await file!.CopyToAsync(copy);
        Assert.Equal(300_000, copy.Length);
    });

    private async Task WithAsync(Func<PostgresStore, PostgresStore, LossyProxy, Task> test)
    {
        await using var proxy = new LossyProxy(Database);
        await using var lossy = await PostgresStore.OpenAsync(proxy.ConnectionString, TimeProvider.System, None);
        await using var direct = await OpenAsync();
        await test(lossy, direct, proxy).WaitAsync(Deadline);
    }

    private static async Task<TaskRecord> AddAsync(PostgresStore store)
    {
        var record = New();
        Assert.Null(await store.Tasks.AddAsync(record, Input, None));
        return record;
    }
}
