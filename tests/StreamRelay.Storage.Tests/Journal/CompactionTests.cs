using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

public sealed class CompactionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_sealed_segment_goes_with_its_last_task()
    {
        await using var store = EmbeddedStore.Open(_folder.Options(segmentBytes: 4 << 10));
        var tasks = await FillAsync(store);
        Assert.NotEmpty(Sealed());

        foreach (var task in tasks)
            await store.Log.DeleteAsync(task, CancellationToken.None);
        await FillAsync(store);
        await store.Journal.MaintainAsync();
        var left = Sealed().Length;
        foreach (var task in tasks)
            await Assert.ThrowsAsync<LogNotFoundException>(() => store.Log.ReadAllAsync(task));

        Assert.InRange(left, 1, 40);
    }

    [Fact]
    public async Task A_segment_of_which_most_is_deleted_is_rewritten_and_its_logs_are_still_whole()
    {
        TaskId[] kept;
        long before;
        await using (var store = EmbeddedStore.Open(_folder.Options(segmentBytes: 4 << 10)))
        {
            var tasks = await FillAsync(store);
            before = Sealed().Sum(path => new FileInfo(path).Length);
            kept = [.. tasks.Where((_, index) => index % 10 == 0)];
            foreach (var task in tasks.Except(kept))
                await store.Log.DeleteAsync(task, CancellationToken.None);

            await store.Journal.MaintainAsync();
            await AssertWholeAsync(store, kept);
        }

        Assert.InRange(Sealed().Sum(path => new FileInfo(path).Length), 1, before / 2);
        await using var again = EmbeddedStore.Open(_folder.Options());
        await AssertWholeAsync(again, kept);
    }

    private static async Task AssertWholeAsync(EmbeddedStore store, TaskId[] tasks)
    {
        foreach (var task in tasks)
            Assert.Equal(5, (await store.Log.ReadAllAsync(task, 2)).Count);
    }

    private static async Task<TaskId[]> FillAsync(EmbeddedStore store)
    {
        var tasks = Enumerable.Range(0, 200).Select(_ => SampleEntries.NewTask()).ToArray();
        foreach (var task in tasks)
            await store.Log.AppendAsync(task, SampleEntries.Entries(1, 5));
        await store.Journal.MaintainAsync();
        return tasks;
    }

    private string[] Sealed() => Directory.GetFiles(Path.Combine(_folder.Path, "journal"), "*.sealed");
}
