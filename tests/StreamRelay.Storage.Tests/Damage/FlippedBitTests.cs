using StreamRelay.TestSupport;

namespace StreamRelay.Storage.Damage;

public sealed class FlippedBitTests
{
    private static readonly int Flips = Seeds.Count(usually: 200);

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_flipped_bit_in_the_journal_costs_at_most_its_own_task_and_only_from_there_on()
    {
        using var whole = await DamagedFolder.CreateAsync();
        Assert.Contains(whole.Segments, path => path.EndsWith(".sealed", StringComparison.Ordinal));
        Assert.Contains(whole.Segments, path => path.EndsWith(".log", StringComparison.Ordinal));

        var hurt = 0;
        await Parallel.ForAsync(0, Flips, async (seed, _) =>
        {
            using var folder = whole.Copy();
            var random = new Random(seed);
            var path = folder.Segments[random.Next(folder.Segments.Length)];
            var position = random.NextInt64(new FileInfo(path).Length);
            DamagedFolder.FlipBit(path, position, random.Next(8));
            Interlocked.Add(ref hurt, await CheckAsync(folder, $"seed {seed}, {Path.GetFileName(path)} at {position}"));
        });
        Assert.InRange(hurt, Flips / 2, Flips);
    }

    [Fact]
    public async Task A_flipped_bit_in_the_database_is_refused_with_the_way_out_or_ends_no_log_early()
    {
        using var whole = await DamagedFolder.CreateAsync();
        await Parallel.ForAsync(0, Flips, async (seed, _) =>
        {
            using var folder = whole.Copy();
            var random = new Random(seed);
            DamagedFolder.FlipBit(folder.Database, random.NextInt64(new FileInfo(folder.Database).Length), random.Next(8));
            try
            {
                await using var store = EmbeddedStore.Open(folder.Options);
                await CheckEndsAsync(store, folder, $"seed {seed}");
            }
            catch (IOException refusal)
            {
                Assert.Contains("StreamRelay:DataPath", refusal.Message);
            }
        });
    }

    /// <returns>The number of tasks that are hurt: 0 or 1.</returns>
    private static async Task<int> CheckAsync(DamagedFolder folder, string where)
    {
        var before = folder.Segments.Sum(path => new FileInfo(path).Length);
        await using var store = EmbeddedStore.Open(folder.Options);
        var hurt = 0;
        foreach (var task in folder.Tasks)
        {
            var (count, isDamaged) = await DamagedFolder.ReadAsync(store, task);
            Assert.True(isDamaged == count < DamagedFolder.Entries, $"A log ends after entry {count} without saying why: {where}");
            hurt += isDamaged ? 1 : 0;
            Assert.True(!isDamaged || (await store.Tasks.FindAsync(task, None))!.DamagedAfter == count, $"The record does not name the damage after {count}: {where}");
        }

        await store.Journal.MaintainAsync();
        Assert.True(hurt <= 1, $"{hurt} tasks are hurt: {where}");
        Assert.True(folder.Segments.Sum(path => new FileInfo(path).Length) >= before, $"Something was truncated or deleted: {where}");
        return hurt;
    }

    private static async Task CheckEndsAsync(EmbeddedStore store, DamagedFolder folder, string where)
    {
        foreach (var task in folder.Tasks)
        {
            try
            {
                var record = await store.Tasks.FindAsync(task, None);
                var (count, isDamaged) = await DamagedFolder.ReadAsync(store, task);
                Assert.True(record is null || isDamaged || count >= record.LastOffset, $"A log ends after entry {count} without saying why: {where}");
            }
            catch (IOException)
            {
                // A page of the database cannot be read: no client is told an end.
            }
        }
    }
}
