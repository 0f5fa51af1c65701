using System.Collections.Concurrent;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Crash;

/// <summary>
/// One seeded crash test of a whole store: tasks start, run, end and are deleted, while the files of the store are copied as a killed process would leave
/// them: between two commits, or with a part of the next ones. A store is then opened on each copy.
/// </summary>
internal sealed class TaskCrashCase(int seed)
{
    private const int Workers = 8;
    private const long Deleted = long.MaxValue;

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Random _random = new(seed);
    private readonly ConcurrentDictionary<TaskId, long> _acknowledged = new();
    private readonly ConcurrentDictionary<TaskId, bool> _deleting = new();
    private volatile bool _isOver;

    public async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using var store = EmbeddedStore.Open(folder.Options());
        var workers = Enumerable.Range(0, Workers).Select(_ => new Random(_random.Next())).Select(random => Task.Run(() => WorkAsync(store, random))).ToArray();
        for (var copies = 0; copies < 3; copies++)
            await CheckCopyAsync(store);

        _isOver = true;
        await Task.WhenAll(workers);
    }

    private async Task WorkAsync(EmbeddedStore store, Random random)
    {
        while (!_isOver)
        {
            var record = SampleTasks.New(session: "s");
            await store.Tasks.AddAsync(record, SampleTasks.Input, None);
            _acknowledged[record.Id] = 0;
            record = await UpdateAsync(store, record with { State = TaskState.Running });

            var entries = SampleEntries.Entries(1, random.Next(1, 6));
            await store.Log.AppendAsync(record.Id, entries);
            record = await UpdateAsync(store, record with { State = TaskState.Completed, EndedAt = SampleEntries.Start, LastOffset = entries.Length });
            if (random.Next(3) > 0)
                continue;

            _deleting[record.Id] = true;
            await store.Tasks.DeleteAsync(record.Id, None);
            _acknowledged[record.Id] = Deleted;
        }
    }

    private async Task<TaskRecord> UpdateAsync(EmbeddedStore store, TaskRecord record)
    {
        var stored = await store.Tasks.TryStoreAsync(record, None);
        _acknowledged[record.Id] = stored!.Version;
        return stored;
    }

    private async Task CheckCopyAsync(EmbeddedStore store)
    {
        using var copy = new TemporaryFolder();
        var target = _acknowledged.Count + _random.Next(5, 100);
        while (_acknowledged.Count < target)
            await store.Database.WriteAsync(session => session.Find("select 1", row => row.GetInt64(0)));

        // The writer waits inside a transaction while the files are copied, so that the copy is of one moment.
        var expected = await store.Database.WriteAsync(_ =>
        {
            var acknowledged = _acknowledged.ToDictionary();
            CopyDatabase(store.DataPath, copy.Path);
            return acknowledged;
        });
        await TearNextCommitAsync(store, copy.Path);
        CopyJournal(store.DataPath, copy.Path);
        await CheckAsync(copy, expected);
    }

    /// <summary>Adds a part of the commits that follow to the copied write-ahead log, when it can be told that they follow.</summary>
    private async Task TearNextCommitAsync(EmbeddedStore store, string copy)
    {
        var path = Path.Combine(copy, "streamrelay.db-wal");
        var before = await File.ReadAllBytesAsync(path);
        for (var commits = _random.Next(4); commits > 0; commits--)
            await store.Database.WriteAsync(session => session.Find("select 1", row => row.GetInt64(0)));

        var after = await store.Database.WriteAsync(_ => ReadShared(Path.Combine(store.DataPath, "streamrelay.db-wal")));
        if (after.Length > before.Length && after.AsSpan(0, before.Length).SequenceEqual(before))
            await File.WriteAllBytesAsync(path, after[.._random.Next(before.Length, after.Length)]);
    }

    private async Task CheckAsync(TemporaryFolder copy, Dictionary<TaskId, long> expected)
    {
        await using var store = EmbeddedStore.Open(copy.Options());
        foreach (var (id, version) in expected)
        {
            var found = await store.Tasks.FindAsync(id, None);
            Assert.True(version == Deleted ? found is null : found?.Version >= version || _deleting.ContainsKey(id), $"seed {seed}, task {id}, version {version}, found {found}");
            if (found is null)
                continue;

            Assert.Equal(SampleTasks.Input.Content.Length, (await store.Tasks.GetInputAsync(id, None))!.Content.Length);
            if (found.IsEnded && !_deleting.ContainsKey(id))
                Assert.Equal(found.LastOffset, (await store.Log.ReadAllAsync(id)).Count);
        }

        var listed = await store.Tasks.ListAsync(new() { Owner = "me", SessionId = "s", Limit = int.MaxValue }, None);
        Assert.Equal(listed.Select(task => task.Id).Distinct().Count(), listed.Count);
    }

    private static void CopyDatabase(string from, string to)
    {
        foreach (var name in new[] { "streamrelay.db", "streamrelay.db-wal" })
            File.WriteAllBytes(Path.Combine(to, name), ReadShared(Path.Combine(from, name)));
    }

    /// <summary>Copies the journal after the database: a log may be ahead of its record, but never behind it.</summary>
    private static void CopyJournal(string from, string to)
    {
        Directory.CreateDirectory(Path.Combine(to, "journal"));
        foreach (var segment in Directory.GetFiles(Path.Combine(from, "journal")))
            File.WriteAllBytes(Path.Combine(to, "journal", Path.GetFileName(segment)), ReadShared(segment));
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
