using Npgsql;
using StreamRelay.Tasks;

namespace StreamRelay.Postgres;

/// <summary>Counts tasks in the indexes of their table.</summary>
internal sealed class PostgresTaskCounts(PostgresDatabase database) : ITaskCounts
{
    public ValueTask<int> CountQueuedOfOwnerAsync(string owner, CancellationToken cancellationToken) => CountAsync("owner = @name", owner, cancellationToken);

    public ValueTask<int> CountQueuedOfKeyAsync(string keyId, CancellationToken cancellationToken) => CountAsync("key_id = @name", keyId, cancellationToken);

    private ValueTask<int> CountAsync(string condition, string name, CancellationToken cancellationToken) => database.RunAsync(async (connection, _) =>
    {
        // The state is not a parameter, because the database uses a partial index only when the SQL contains its condition.
        await using var command = new NpgsqlCommand($"select count(*) from streamrelay.tasks where state = {(int)TaskState.Queued} and {condition}", connection);
        TaskRow.Add(command.Parameters, "name", name);
        return (int)(long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }, cancellationToken);
}
