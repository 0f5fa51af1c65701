using StreamRelay.Keys;
using StreamRelay.Logs;
using StreamRelay.Storage.Damage;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Storage.Database;

/// <summary>Databases whose pages were changed at random: the store refuses to open with the way out, or every operation succeeds or says that the database cannot be read.</summary>
public sealed class DatabaseFuzzTests
{
    private const int PageBytes = 4096;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Damaged_pages_are_refused_with_the_way_out_or_cost_the_operations_that_need_them()
    {
        using var whole = await DamagedFolder.CreateAsync();
        var refused = 0;
        await Parallel.ForEachAsync(Seeds.Take(150), async (seed, cancellationToken) =>
        {
            using var folder = whole.Copy();
            Damage(folder.Database, new(seed));
            try
            {
                if (!await Task.Run(() => TryUseAsync(folder), cancellationToken).WaitAsync(Relay.Deadline, cancellationToken))
                    Interlocked.Increment(ref refused);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}", exception);
            }
        });

        // Otherwise no case reached the operations, or none was refused.
        Assert.InRange(refused, 1, Seeds.Count(150) - 1);
    }

    private static void Damage(string path, Random random)
    {
        using var file = new FileStream(path, FileMode.Open);
        var pages = (int)(file.Length / PageBytes);
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var page = new byte[PageBytes];
            Read(file, random.Next(pages), page);
            switch (random.Next(4))
            {
                case 0:
                    random.NextBytes(page.AsSpan(random.Next(PageBytes)));
                    break;
                case 1:
                    page.AsSpan(random.Next(PageBytes)).Clear();
                    break;
                case 2:
                    page[random.Next(PageBytes)] ^= (byte)(1 << random.Next(8));
                    break;
            }

            // Also where another page was.
            file.Position = (long)random.Next(pages) * PageBytes;
            file.Write(page);
        }

        if (random.Next(10) == 0)
            file.SetLength(random.NextInt64(file.Length));
    }

    private static void Read(FileStream file, int number, byte[] page)
    {
        file.Position = (long)number * PageBytes;
        file.ReadExactly(page);
    }

    /// <returns><see langword="false"/> when the store does not open.</returns>
    private static async Task<bool> TryUseAsync(DamagedFolder folder)
    {
        EmbeddedStore store;
        try
        {
            store = EmbeddedStore.Open(folder.Options);
        }
        catch (IOException refusal)
        {
            Assert.True(refusal is StoreUnavailableException || refusal.Message.Contains("StreamRelay:DataPath", StringComparison.Ordinal), refusal.Message);
            return false;
        }

        await using (store)
        {
            foreach (var operation in Operations(store, folder.Tasks))
                await TryAsync(operation);
        }

        return true;
    }

    private static async Task TryAsync(Func<Task> operation)
    {
        try
        {
            await operation();
        }
        catch (IOException)
        {
            // Clients are told that the store cannot be read, or where the damage begins.
        }
    }

    private static IEnumerable<Func<Task>> Operations(EmbeddedStore store, IReadOnlyList<TaskId> tasks)
    {
        var (tasksOf, now) = (store.Tasks, TimeProvider.System.GetUtcNow());
        foreach (var task in tasks.Take(40))
        {
            yield return async () => await tasksOf.FindAsync(task, None);
            yield return async () => await tasksOf.GetInputAsync(task, None);
            yield return () => DamagedFolder.ReadAsync(store, task);
        }

        yield return async () => await tasksOf.ListAsync(new() { Limit = 1000 }, None);
        yield return async () => await tasksOf.ListAsync(new() { Owner = "me", Before = tasks[^1], Limit = 10 }, None);
        yield return async () => await tasksOf.FindByKeyAsync("me", "key", None);
        yield return () => tasksOf.AddNewAsync(key: "key");
        yield return async () => await tasksOf.DeleteAsync(tasks[0], None);
        yield return async () => await store.Outbox.ClaimAsync("queue", 10, now, now, None);
        yield return async () => await store.Keys.AddAsync(new StoredKey("hash", "me", [], [], 0, null, now, null, null), None);
        yield return async () => await store.Keys.ListAsync(None);
        yield return store.Journal.MaintainAsync;
    }
}
