using StreamRelay.Logs;

namespace StreamRelay.Storage.Database;

public sealed class StoreDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "streamrelay.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Durability.Process)]
    [InlineData(Durability.Disk)]
    public async Task A_change_is_visible_to_the_next_read_and_after_a_restart(Durability durability)
    {
        await using (var database = StoreDatabase.Open(File, durability))
        {
            Assert.Equal(1, await database.WriteAsync(session => Add(session, 7)));
            Assert.Equal([7], Ids(database));
        }

        await using var again = StoreDatabase.Open(File, durability);

        Assert.Equal([7], Ids(again));
    }

    [Fact]
    public async Task Changes_that_wait_are_committed_together_and_in_their_order()
    {
        await using var database = StoreDatabase.Open(File, Durability.Process);
        var committed = new List<byte>();
        var seen = new List<int>();
        using var gate = new ManualResetEventSlim();
        var first = database.WriteAsync(_ => Wait(gate));

        var changes = Enumerable.Range(1, 20).Select(id => database.WriteAsync(session =>
        {
            Add(session, (byte)id);
            lock (seen)
                seen.Add(Ids(database).Count);
            return (byte)id;
        }, committed.Add)).ToList();
        gate.Set();
        await Task.WhenAll(changes);

        Assert.True(await first);
        Assert.All(seen, count => Assert.Equal(0, count));
        Assert.Equal(Enumerable.Range(1, 20).Select(id => (byte)id), committed);
    }

    [Fact]
    public async Task A_change_that_fails_is_rolled_back_alone()
    {
        await using var database = StoreDatabase.Open(File, Durability.Process);
        using var gate = new ManualResetEventSlim();
        var first = database.WriteAsync(_ => Wait(gate));

        var before = database.WriteAsync(session => Add(session, 1));
        var failing = database.WriteAsync<int>(session =>
        {
            Add(session, 2);
            throw new InvalidOperationException("It fails.");
        });
        var after = database.WriteAsync(session => Add(session, 3));
        gate.Set();

        await Task.WhenAll(first, before, after);
        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        Assert.Equal([1, 3], Ids(database));
    }

    [Fact]
    public async Task A_full_database_refuses_changes_keeps_what_it_has_and_recovers()
    {
        await using var database = StoreDatabase.Open(File, Durability.Process);
        await database.WriteAsync(session => Add(session, 1));
        var pages = database.Read(session => session.Find("pragma page_count", row => row.GetInt64(0)));
        await database.WriteAsync(session => session.Execute($"pragma max_page_count = {pages}"));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => database.WriteAsync(session => AddLarge(session, 2)));
        Assert.Equal([1], Ids(database));

        await database.WriteAsync(session => session.Execute($"pragma max_page_count = {pages + 1000}"));
        await database.WriteAsync(session => AddLarge(session, 2));
        Assert.Equal(1, database.Read(session => session.Find("select count(*) from requests", row => row.GetInt64(0))));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_named()
    {
        await using (var database = StoreDatabase.Open(File, Durability.Process))
            await database.WriteAsync(session => session.Execute("pragma user_version = 1000"));

        var refusal = Assert.Throws<IOException>(() => StoreDatabase.Open(File, Durability.Process));

        Assert.Contains(File, refusal.Message);
        Assert.Contains("StreamRelay:DataPath", refusal.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task A_damaged_database_is_refused_and_named(int position)
    {
        await using (var database = StoreDatabase.Open(File, Durability.Process))
            await database.WriteAsync(session => Add(session, 1));
        await using (var file = System.IO.File.OpenWrite(File))
        {
            file.Position = position;
            file.Write(new byte[64]);
        }

        var refusal = Assert.Throws<IOException>(() => StoreDatabase.Open(File, Durability.Process));

        Assert.Contains(File, refusal.Message);
        Assert.Contains("StreamRelay:DataPath", refusal.Message);
    }

    [Fact]
    public async Task A_closed_database_refuses_and_has_made_what_it_accepted()
    {
        var database = StoreDatabase.Open(File, Durability.Process);
        var changes = Enumerable.Range(1, 50).Select(id => database.WriteAsync(session => Add(session, (byte)id))).ToList();
        await database.DisposeAsync();

        await Task.WhenAll(changes);
        Assert.Throws<ObjectDisposedException>(() => { _ = database.WriteAsync(session => Add(session, 99)); });
        Assert.Throws<ObjectDisposedException>(() => Ids(database));
        Assert.Equal([File], Directory.GetFiles(_folder.Path));
    }

    private static int Add(DatabaseSession session, byte id) => session.Execute("insert into deletions (id) values ($id)", ("$id", new[] { id }));

    private static int AddLarge(DatabaseSession session, int sequence) => session.Execute(
        "insert into requests (sequence, request, content, options) values ($sequence, x'', $content, x'')",
        ("$sequence", sequence), ("$content", new byte[1 << 20]));

    private static List<byte> Ids(StoreDatabase database) =>
        database.Read(session => session.List("select id from deletions order by id", row => ((byte[])row.GetValue(0))[0]));

    private static bool Wait(ManualResetEventSlim gate) => gate.Wait(TimeSpan.FromSeconds(30));
}
