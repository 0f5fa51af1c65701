using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Damage;

/// <summary>A closed data folder with 200 ended tasks, whose logs lie in sealed segments and in one that is not sealed.</summary>
internal sealed class DamagedFolder : IDisposable
{
    public const int Entries = 6;

    private const int TaskCount = 200;

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();

    private DamagedFolder(IReadOnlyList<TaskId> tasks) => Tasks = tasks;

    public IReadOnlyList<TaskId> Tasks { get; private set; }

    public string Database => Path.Combine(_folder.Path, "streamrelay.db");

    public string[] Segments => [.. Directory.GetFiles(Path.Combine(_folder.Path, "journal")).Order(StringComparer.Ordinal)];

    public StorageOptions Options => _folder.Options(segmentBytes: 16 << 10);

    public static async Task<DamagedFolder> CreateAsync()
    {
        var folder = new DamagedFolder([]);
        await using var store = EmbeddedStore.Open(folder.Options);
        var records = new List<TaskRecord>();
        for (var index = 0; index < TaskCount; index++)
            records.Add(await store.Tasks.AddNewAsync());

        for (var offset = 1; offset <= Entries; offset++)
        {
            foreach (var record in records)
                await store.Log.AppendAsync(record.Id, SampleEntries.Entries(offset, 1));
        }

        foreach (var record in records)
            await store.Tasks.TryStoreAsync(record with { State = TaskState.Completed, EndedAt = TimeProvider.System.GetUtcNow(), LastOffset = Entries }, None);

        await store.Journal.MaintainAsync();
        folder.Tasks = [.. records.Select(record => record.Id)];
        return folder;
    }

    /// <summary>Copies the folder.</summary>
    public DamagedFolder Copy()
    {
        var copy = new DamagedFolder(Tasks);
        Directory.CreateDirectory(Path.Combine(copy._folder.Path, "journal"));
        foreach (var file in Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(copy._folder.Path, Path.GetRelativePath(_folder.Path, file)));

        return copy;
    }

    /// <summary>Flips one bit of a file.</summary>
    public static void FlipBit(string path, long position, int bit)
    {
        using var file = new FileStream(path, FileMode.Open);
        file.Position = position;
        var value = file.ReadByte();
        file.Position = position;
        file.WriteByte((byte)(value ^ (1 << bit)));
    }

    /// <summary>Reads the log of a task.</summary>
    /// <returns>The number of entries up to the end or the damage, and whether there is damage.</returns>
    public static async Task<(int Count, bool IsDamaged)> ReadAsync(EmbeddedStore store, TaskId task)
    {
        var count = 0;
        try
        {
            while (await store.Log.ReadAsync(task, count, 4, None) is { IsEmpty: false } page)
            {
                foreach (var entry in page.Span)
                {
                    Assert.Equal(++count, entry.Offset);
                    Assert.Equal(SampleEntries.Entries(count, 1)[0].Text(), entry.Text());
                }
            }
        }
        catch (LogDamagedException damage)
        {
            Assert.Equal(count, damage.After);
            return (count, true);
        }

        return (count, false);
    }

    public void Dispose() => _folder.Dispose();
}
