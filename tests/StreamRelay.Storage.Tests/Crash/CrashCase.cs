using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Crash;

/// <summary>One seeded crash test: tasks append, are fenced and deleted until the store crashes; another store is then opened on the disk that is left.</summary>
internal sealed class CrashCase
{
    private readonly int _seed;
    private readonly bool _powerLost;
    private readonly Random _random;
    private readonly CrashDisk _disk = new();
    private readonly CrashIndex _index;
    private readonly StorageOptions _options;
    private readonly Dictionary<TaskId, ExpectedLog> _expected = [];

    public CrashCase(int seed, Durability durability, bool powerLost)
    {
        _seed = seed;
        _powerLost = powerLost;
        _random = new(seed);
        _index = new(_disk);
        _options = new() { Durability = durability, SegmentBytes = 256 << (seed % 3) };
    }

    private bool KeepsAcknowledged => _options.Durability == Durability.Disk || !_powerLost;

    public async Task RunAsync()
    {
        for (var life = 0; life < 3; life++)
        {
            await LiveAsync();
            if (_powerLost)
                _disk.CutPower(_random);
            else
                _disk.Kill();
        }

        await using var store = CrashJournal.Open(_disk, _index, _options);
        await CheckAsync(store);
        await store.Journal.MaintainAsync();
        await CheckAsync(store);
    }

    private async Task LiveAsync()
    {
        // The crash may also happen while the store opens.
        _disk.OperationsLeft = _random.Next(1, 120);
        var failures = _random.Next(4) == 0 ? new Random(_random.Next()) : null;
        try
        {
            await using var store = CrashJournal.Open(_disk, _index, _options);
            await CheckAsync(store);
            if (failures is not null)
                _disk.Fails = () => failures.Next(8) == 0;
            var seeds = Enumerable.Range(0, 3).Select(_ => new Random(_random.Next())).ToArray();
            await Task.WhenAll(seeds.Select(random => WriteAsync(store, random)));
        }
        catch (IOException) when (_disk.OperationsLeft <= 0)
        {
        }
    }

    private async Task WriteAsync(CrashJournal store, Random random)
    {
        var task = Pick(random);
        var expected = _expected[task];
        for (var step = 0; step < 12; step++)
        {
            try
            {
                await StepAsync(store, task, expected, random);
            }
            catch (IOException)
            {
            }
        }
    }

    private TaskId Pick(Random random)
    {
        lock (_expected)
        {
            var idle = _expected.Where(pair => pair.Value is { IsDeleted: false, IsTaken: false }).Select(pair => pair.Key).Order().ToArray();
            var task = idle.Length > 0 && random.Next(3) > 0 ? idle[random.Next(idle.Length)] : SampleEntries.NewTask();
            _expected.TryAdd(task, new(KeepsAcknowledged));
            _expected[task].IsTaken = true;
            return task;
        }
    }

    private static async Task StepAsync(CrashJournal store, TaskId task, ExpectedLog expected, Random random)
    {
        if (random.Next(40) == 0)
        {
            expected.DeleteStarted = true;
            await store.Log.DeleteAsync(task, CancellationToken.None);
            expected.IsDeleted = true;
        }

        if (expected.DeleteStarted)
            return;

        expected.EpochsTried++;
        await using var writer = await store.Log.OpenAsync(task, expected.EpochsTried, CancellationToken.None);
        expected.Epoch = expected.EpochsTried;
        for (var batch = random.Next(1, 4); batch > 0; batch--)
        {
            var entries = SampleEntries.Entries(writer.NextOffset, random.Next(1, 5), $"{new string('x', random.Next(40))}{expected.EpochsTried}.{batch}.");
            expected.Try(entries);
            await writer.AppendAsync(entries, CancellationToken.None);
            expected.Acknowledge(entries);
        }
    }

    private async Task CheckAsync(CrashJournal store)
    {
        foreach (var (task, expected) in _expected)
        {
            expected.IsTaken = false;
            var found = await FindAsync(store, task);
            expected.Check(found, $"seed {_seed}, {_options.Durability}, {(_powerLost ? "power" : "kill")}, task {task}");
            if (!KeepsAcknowledged || expected.DeleteStarted || expected.Epoch == 0)
                continue;

            await Assert.ThrowsAsync<StaleEpochException>(
                () => store.Log.OpenAsync(task, expected.Epoch - 1, CancellationToken.None).AsTask());
        }
    }

    /// <summary>Returns the entries of a log, up to its damage: a lost flush can leave a hole before later entries.</summary>
    private async Task<List<StreamEntry>?> FindAsync(CrashJournal store, TaskId task)
    {
        var found = new List<StreamEntry>();
        try
        {
            while (await store.Log.ReadAsync(task, found.Count, 3, CancellationToken.None) is { IsEmpty: false } page)
                found.AddRange(page.Span);
        }
        catch (LogNotFoundException)
        {
            return null;
        }
        catch (LogDamagedException damage) when (!KeepsAcknowledged)
        {
            Assert.Equal(found.Count, damage.After);
        }

        return found;
    }
}
