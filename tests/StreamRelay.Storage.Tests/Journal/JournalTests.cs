using StreamRelay.Logs;
using StreamRelay.Storage.Crash;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

public sealed class JournalTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly TaskId _task = SampleEntries.NewTask();

    private string JournalFolder => Path.Combine(_folder.Path, "journal");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_full_segment_is_sealed_and_then_deleted()
    {
        await using var store = EmbeddedStore.Open(_folder.Options(segmentBytes: 1_024));
        for (var offset = 1; offset <= 200; offset++)
            await store.Log.AppendAsync(_task, SampleEntries.Entries(offset, 1));
        await store.Journal.MaintainAsync();

        Assert.Single(Directory.GetFiles(JournalFolder, "*.log"));
        Assert.NotEmpty(Directory.GetFiles(JournalFolder, "*.sealed"));
        Assert.Equal(200, (await store.Log.ReadAllAsync(_task, 13)).Count);
    }

    [Fact]
    public async Task A_torn_tail_is_cut_off_and_everything_before_it_is_kept()
    {
        await using (var store = EmbeddedStore.Open(_folder.Options()))
        {
            for (var offset = 1; offset <= 10; offset++)
                await store.Log.AppendAsync(_task, SampleEntries.Entries(offset, 1));
        }

        var segment = Directory.GetFiles(JournalFolder).Single();
        using (var file = File.OpenWrite(segment))
            file.SetLength(file.Length - 3);

        await using var again = EmbeddedStore.Open(_folder.Options());
        Assert.Equal(9, (await again.Log.ReadAllAsync(_task)).Count);
        await again.Log.AppendAsync(_task, SampleEntries.Entries(10, 5, "new"));
        Assert.Equal("new10", (await again.Log.ReadAllAsync(_task))[9].Text());
    }

    [Fact]
    public async Task Appends_that_wait_together_are_written_and_synced_together()
    {
        var disk = new CrashDisk();
        await using var store = CrashJournal.Open(disk, new CrashIndex(disk), new() { Durability = Durability.Disk });
        var writers = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => store.Log.OpenAsync(SampleEntries.NewTask(), 1, None).AsTask()));
        using var held = new ManualResetEventSlim();
        disk.Fails = () =>
        {
            held.Wait();
            return false;
        };

        var first = writers[0].AppendAsync(SampleEntries.Entries(1, 1), None).AsTask();
        var before = disk.Operations;
        var rest = writers[1..].Select(writer => writer.AppendAsync(SampleEntries.Entries(1, 1), None).AsTask()).ToArray();
        held.Set();
        await first;
        await Task.WhenAll(rest);

        Assert.InRange(disk.Operations - before, 0, 6);
    }

    [Fact]
    public async Task A_failed_write_shows_no_entry_and_later_writes_succeed()
    {
        var disk = new CrashDisk();
        await using var store = CrashJournal.Open(disk, new CrashIndex(disk), new() { Durability = Durability.Disk });
        await using var writer = await store.Log.OpenAsync(_task, 1, None);
        await writer.AppendAsync(SampleEntries.Entries(1, 2), None);

        disk.Fails = () => true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => writer.AppendAsync(SampleEntries.Entries(3, 2), None).AsTask());
        Assert.Equal(2, (await store.Log.ReadAllAsync(_task)).Count);
        Assert.Equal(3, writer.NextOffset);

        disk.Fails = () => false;
        await writer.AppendAsync(SampleEntries.Entries(3, 1, "again"), None);
        Assert.Equal("again3", (await store.Log.ReadAllAsync(_task))[2].Text());
    }

    [Fact]
    public async Task Ten_thousand_logs_are_read_with_few_open_files()
    {
        var disk = new CrashDisk();
        await using var store = CrashJournal.Open(disk, new CrashIndex(disk), new() { SegmentBytes = 64 << 10 });
        var tasks = Enumerable.Range(0, 10_000).Select(_ => SampleEntries.NewTask()).ToArray();
        foreach (var task in tasks)
            await store.Log.AppendAsync(task, SampleEntries.Entries(1, 1));
        await store.Journal.MaintainAsync();

        foreach (var task in tasks)
            Assert.Single(await store.Log.ReadAllAsync(task));

        Assert.InRange(store.Journal.OpenHandles, 1, 256);
        Assert.InRange(disk.OpenFiles, 1, 400);
    }
}
