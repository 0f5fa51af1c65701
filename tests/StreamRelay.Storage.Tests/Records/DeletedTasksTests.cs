using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StreamRelay.Files;
using StreamRelay.Logs;
using StreamRelay.Storage.Crash;
using StreamRelay.Storage.Database;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Storage.Records;

public sealed class DeletedTasksTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly CrashDisk _disk = new();
    private readonly CrashIndex _index;
    private readonly FakeTimeProvider _time = new();

    public DeletedTasksTests() => _index = new(_disk);

    private string File => Path.Combine(_folder.Path, "streamrelay.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_task_whose_events_cannot_be_removed_does_not_answer_and_is_removed_a_minute_later()
    {
        await using var database = StoreDatabase.Open(File, Durability.Process);
        await using var journal = CrashJournal.Open(_disk, _index, new());
        using var deleted = Create(database, journal, new UnreliableFiles());
        var tasks = new EmbeddedTaskStore(database, new(NullLogger<TaskRows>.Instance), deleted);
        var task = await tasks.AddNewAsync(key: "k");
        await journal.Log.AppendAsync(task.Id, SampleEntries.Entries(1, 2));
        await deleted.StartAsync(None);

        _disk.Fails = () => true;
        Assert.True(await tasks.DeleteAsync(task.Id, None));
        Assert.Null(await tasks.FindAsync(task.Id, None));
        Assert.Null(await tasks.FindByKeyAsync("me", "k", None));
        Assert.Empty(await tasks.ListAsync(new(), None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => tasks.AddAsync(task, SampleTasks.Input, None).AsTask());
        Assert.Equal(2, (await journal.Log.ReadAllAsync(task.Id)).Count);

        _disk.Fails = () => false;
        await RemovedAsync(database);
        await Assert.ThrowsAsync<LogNotFoundException>(() => journal.Log.ReadAllAsync(task.Id));
    }

    [Fact]
    public async Task A_removal_that_failed_is_made_after_the_next_start_and_does_not_hinder_it()
    {
        var files = new UnreliableFiles { Fails = true };
        await using (var database = StoreDatabase.Open(File, Durability.Process))
        await using (var journal = CrashJournal.Open(_disk, _index, new()))
        using (var deleted = Create(database, journal, files))
        {
            var tasks = new EmbeddedTaskStore(database, new(NullLogger<TaskRows>.Instance), deleted);
            await tasks.DeleteAsync((await tasks.AddNewAsync()).Id, None);
            await tasks.DeleteAsync((await tasks.AddNewAsync()).Id, None);
        }

        await using var databaseAgain = StoreDatabase.Open(File, Durability.Process);
        await using var journalAgain = CrashJournal.Open(_disk, _index, new());
        using var again = Create(databaseAgain, journalAgain, files);
        Assert.Equal(2, Waiting(databaseAgain));
        files.Fails = false;
        await again.StartAsync(None);

        await RemovedAsync(databaseAgain);
        Assert.Equal(2, files.Deleted.Distinct().Count());
    }

    private DeletedTasks Create(StoreDatabase database, CrashJournal journal, IFileStore files) =>
        new(database, journal.Journal, files, _time, NullLogger<DeletedTasks>.Instance);

    private Task RemovedAsync(StoreDatabase database) => Wait.UntilAsync(() =>
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        return Task.FromResult(Waiting(database) == 0);
    }, TimeSpan.FromSeconds(30), "removals are made");

    private static long Waiting(StoreDatabase database) => database.Read(session => session.Find("select count(*) from deletions", row => row.GetInt64(0)));

    private sealed class UnreliableFiles : IFileStore
    {
        private readonly List<TaskId> _deleted = [];

        public bool Fails { get; set; }

        public IReadOnlyList<TaskId> Deleted => _deleted;

        public ValueTask<StoredFile> SaveAsync(TaskId task, string name, string mediaType, Stream content, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<Stream?> OpenAsync(TaskId task, string name, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken)
        {
            if (Fails)
                throw new IOException("The folder cannot be removed.");
            _deleted.Add(task);
            return ValueTask.CompletedTask;
        }
    }
}
