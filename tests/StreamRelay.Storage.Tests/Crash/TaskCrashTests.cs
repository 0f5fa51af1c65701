using StreamRelay.Tasks;

namespace StreamRelay.Storage.Crash;

public sealed class TaskCrashTests
{
    private static readonly StorageLayout Layout = new("/store");
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(Durability.Process, false)]
    [InlineData(Durability.Disk, true)]
    public async Task Acknowledged_records_updates_and_deletions_survive(Durability durability, bool powerLost)
    {
        for (var seed = 0; seed < 1_000; seed++)
            await RunAsync(seed, new() { Durability = durability, SegmentBytes = 256 }, powerLost);
    }

    private static async Task RunAsync(int seed, StorageOptions options, bool powerLost)
    {
        var random = new Random(seed);
        var disk = new CrashDisk { OperationsLeft = random.Next(1, 150) };
        var tried = new Dictionary<TaskId, long>();
        var acknowledged = new Dictionary<TaskId, long>();
        try
        {
            await using var store = EmbeddedStore.Open(disk, Layout, options);
            await LiveAsync(store.Tasks, random, tried, acknowledged);
        }
        catch (IOException)
        {
        }

        if (powerLost)
            disk.CutPower(random);
        else
            disk.Kill();

        await using var again = EmbeddedStore.Open(disk, Layout, options);
        foreach (var (id, version) in acknowledged)
        {
            var found = await again.Tasks.FindAsync(id, None);
            var isDeleting = tried[id] == long.MaxValue;
            Assert.True(version == long.MaxValue ? found is null : isDeleting || found?.Version >= version, $"seed {seed}, task {id}");
            Assert.True(found is null || await again.Tasks.GetInputAsync(id, None) is { Content.Length: 9 }, $"seed {seed}, task {id}");
        }
    }

    private static async Task LiveAsync(
        ITaskStore tasks, Random random, Dictionary<TaskId, long> tried, Dictionary<TaskId, long> acknowledged)
    {
        for (var number = 0; number < 5; number++)
        {
            var request = new TaskRequest { Id = SampleEntries.NewTask(), Agent = "a", Owner = "o", CreatedAt = SampleEntries.Start };
            var record = new TaskRecord { Request = request };
            await tasks.AddAsync(record, new(new byte[9]), None);
            tried[request.Id] = acknowledged[request.Id] = 0;
            for (; record.Version < random.Next(4); record = record with { Version = record.Version + 1 })
            {
                Assert.True(await tasks.TryUpdateAsync(record, None));
                acknowledged[request.Id] = record.Version + 1;
            }

            if (random.Next(3) > 0)
                continue;

            tried[request.Id] = long.MaxValue;
            await tasks.DeleteAsync(request.Id, None);
            acknowledged[request.Id] = long.MaxValue;
        }
    }
}
