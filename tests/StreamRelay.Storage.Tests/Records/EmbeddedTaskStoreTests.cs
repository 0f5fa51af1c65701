using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Records;

public sealed class EmbeddedTaskStoreTests : IDisposable
{
    // Ten times what the tasks may add to a start.
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(2);

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly FakeLogCollector _log = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"state\":")]
    [InlineData("")]
    public async Task A_record_that_cannot_be_read_costs_only_its_own_task_and_is_named_once(string stored)
    {
        TaskRecord[] tasks;
        await using (var store = Open())
            tasks = [await store.Tasks.AddNewAsync(), await store.Tasks.AddNewAsync(key: "k"), await store.Tasks.AddNewAsync()];
        Execute("update tasks set record = cast($stored as blob) where key = 'k'", ("$stored", stored));

        await using var again = Open();
        for (var time = 0; time < 2; time++)
        {
            Assert.Null(await again.Tasks.FindAsync(tasks[1].Id, None));
            Assert.Equal([tasks[2].Id, tasks[0].Id], (await again.Tasks.ListAsync(new() { Limit = 2 }, None)).Select(task => task.Id));
        }

        var error = Assert.Single(_log.GetSnapshot(), record => record.Level == LogLevel.Error);
        Assert.Contains(tasks[1].Id.ToString(), error.Message);
        Assert.True(await again.Tasks.DeleteAsync(tasks[1].Id, None));
    }

    [Fact]
    public async Task A_list_goes_on_behind_a_task_that_was_deleted_since()
    {
        await using var store = Open();
        var tasks = new List<TaskRecord>();
        for (var number = 0; number < 5; number++)
            tasks.Add(await store.Tasks.AddNewAsync(session: "s"));
        await store.Tasks.DeleteAsync(tasks[2].Id, None);

        var page = await store.Tasks.ListAsync(new() { Owner = "me", SessionId = "s", Before = tasks[2].Id }, None);

        Assert.Equal([tasks[1].Id, tasks[0].Id], page.Select(task => task.Id));
    }

    [Fact]
    public async Task The_order_of_a_session_is_the_order_in_which_its_tasks_were_added_whatever_the_clock_does()
    {
        await using var store = Open();
        var later = SampleTasks.New(session: "s");
        var earlier = SampleTasks.New(session: "s");
        var clock = new DateTimeOffset(2026, 1, 1, 0, 0, 10, TimeSpan.Zero);
        later = later with { Request = later.Request with { Id = new(Guid.CreateVersion7(clock)) } };
        earlier = earlier with { Request = earlier.Request with { Id = new(Guid.CreateVersion7(clock.AddSeconds(-5))) } };

        await store.Tasks.AddAsync(later, SampleTasks.Input, None);
        await store.Tasks.AddAsync(earlier, SampleTasks.Input, None);

        Assert.Equal([earlier.Id, later.Id], (await store.Tasks.ListAsync(new() { Owner = "me", SessionId = "s" }, None)).Select(task => task.Id));
    }

    [Fact]
    public async Task Ids_made_after_a_restart_sort_after_the_stored_ones_whatever_the_clock_does()
    {
        var ahead = SampleTasks.New();
        ahead = ahead with { Request = ahead.Request with { Id = new(Guid.CreateVersion7(DateTimeOffset.UtcNow.AddHours(1))) } };
        await using (var store = Open())
            await store.Tasks.AddAsync(ahead, SampleTasks.Input, None);

        await using var again = Open();

        Assert.True(TaskId.New(TimeProvider.System) > ahead.Id);
    }

    [Fact]
    public async Task A_full_disk_refuses_a_start_leaves_nothing_of_it_and_is_not_remembered()
    {
        await using var store = Open();
        var first = await store.Tasks.AddNewAsync();
        var pages = await store.Database.WriteAsync(session => session.Find("pragma page_count", row => row.GetInt64(0)));
        await store.Database.WriteAsync(session => session.Execute($"pragma max_page_count = {pages}"));
        var refused = SampleTasks.New(key: "k");
        var large = new TaskInput(new byte[1 << 20]);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Tasks.AddAsync(refused, large, None).AsTask());
        Assert.Null(await store.Tasks.FindAsync(refused.Id, None));
        Assert.Null(await store.Tasks.FindByKeyAsync("me", "k", None));
        Assert.Equal(first.Id, Assert.Single(await store.Tasks.ListAsync(new(), None)).Id);

        await store.Database.WriteAsync(session => session.Execute($"pragma max_page_count = {pages + 10_000}"));
        Assert.Null(await store.Tasks.AddAsync(refused, large, None));
        Assert.Equal(1 << 20, (await store.Tasks.GetInputAsync(refused.Id, None))!.Content.Length);
    }

    [Fact]
    public async Task Ended_tasks_leave_no_file_of_their_own()
    {
        await using (var store = Open())
        {
            foreach (var task in await store.Tasks.AddEndedAsync(200))
                await store.Log.AppendAsync(task, SampleEntries.Entries(1, 1));
        }

        var files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder.Path, file));
        Assert.Equal(["lock", "streamrelay.db"], files.Where(file => !file.StartsWith("journal", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_hundred_thousand_tasks_do_not_delay_a_start_and_a_fifth_is_deleted_in_less_time_than_all_were_added()
    {
        TaskId[] tasks;
        var adding = Stopwatch.StartNew();
        await using (var store = Open())
            tasks = await store.Tasks.AddEndedAsync(100_000);
        adding.Stop();

        var empty = FastestStart(Path.Combine(_folder.Path, "empty"));
        var full = FastestStart(_folder.Path);
        Assert.True(full < empty + StartDeadline, $"{full} with the tasks, {empty} without");

        await using var again = Open();
        var deleting = Stopwatch.StartNew();
        await Parallel.ForEachAsync(tasks.Take(20_000), new ParallelOptions { MaxDegreeOfParallelism = 256 },
            async (task, cancellationToken) => Assert.True(await again.Tasks.DeleteAsync(task, cancellationToken)));
        deleting.Stop();

        Assert.True(deleting.Elapsed < adding.Elapsed, $"added in {adding.Elapsed}, deleted in {deleting.Elapsed}");
        Assert.Equal(80_000, (await again.Tasks.ListAsync(new() { Limit = int.MaxValue }, None)).Count);
    }

    private static TimeSpan FastestStart(string folder) => Enumerable.Range(0, 3).Min(_ =>
    {
        var clock = Stopwatch.StartNew();
        using var store = EmbeddedStore.Open(new() { DataPath = folder });
        return clock.Elapsed;
    });

    private EmbeddedStore Open() => EmbeddedStore.Open(_folder.Options(), loggers: new LoggerFactory([new FakeLoggerProvider(_log)]));

    private void Execute(string sql, (string Name, object Value) value)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "streamrelay.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.AddWithValue(value.Name, value.Value);
        Assert.Equal(1, command.ExecuteNonQuery());
    }
}
