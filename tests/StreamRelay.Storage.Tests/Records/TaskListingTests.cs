using StreamRelay.Storage.Database;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Records;

public sealed class TaskListingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The lists that the server asks for, and how SQLite finds their tasks.</summary>
    public static TheoryData<string, TaskQuery, long> Queries => new()
    {
        { "SEARCH t USING INDEX tasks_by_owner (owner=?)", new() { Owner = "me" }, long.MaxValue },
        { "SEARCH t USING INDEX tasks_by_owner (owner=? AND rowid<?)", new() { Owner = "me" }, 7 },
        { "SEARCH t USING INDEX tasks_by_session (session=? AND owner=?)", new() { Owner = "me", SessionId = "s" }, long.MaxValue },
        { "SEARCH t USING INDEX tasks_by_session (session=? AND owner=? AND rowid<?)", new() { Owner = "me", SessionId = "s" }, 7 },
        { "SEARCH t USING INDEX tasks_by_operation (operation=?)", new() { OperationId = "o" }, long.MaxValue },
        { "SEARCH t USING INDEX tasks_by_operation (operation=?)", new() { Owner = "me", OperationId = "o" }, long.MaxValue },
        { "SEARCH t USING INDEX tasks_unended (ended=?)", new() { State = TaskState.Running }, long.MaxValue },
        { "SEARCH t USING INDEX tasks_ephemeral (ephemeral=?)", new() { Ephemeral = true }, long.MaxValue },
        { "SEARCH t USING INDEX tasks_by_end (ended<?)", new() { EndedBefore = SampleEntries.Start }, long.MaxValue },
        { "SEARCH t USING INTEGER PRIMARY KEY (rowid<?)", new() { EndedBefore = SampleEntries.Start }, 7 },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_list_is_found_by_an_index(string expected, TaskQuery query, long before)
    {
        ArgumentNullException.ThrowIfNull(query);
        await using var database = StoreDatabase.Open(Path.Combine(_folder.Path, "streamrelay.db"), Durability.Process);
        var (sql, values) = TaskListing.Page(query, before, query.Limit);

        var plan = database.Read(session => session.List($"explain query plan {TaskRows.Select}{sql}", row => row.GetString(3), values));

        Assert.Equal(expected, plan[0]);
        Assert.Equal("SEARCH q USING INTEGER PRIMARY KEY (rowid=?)", plan[1]);
        Assert.Equal(query.EndedBefore is not null && before == long.MaxValue, plan.Count > 2);
    }
}
