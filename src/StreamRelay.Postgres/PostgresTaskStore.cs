using Npgsql;
using NpgsqlTypes;
using StreamRelay.Outbox;
using StreamRelay.Tasks;

namespace StreamRelay.Postgres;

/// <summary>Stores records as rows. The database keeps ids and keys unique, and compares versions.</summary>
internal sealed class PostgresTaskStore(PostgresDatabase database) : ITaskStore
{
    private static readonly string Insert = $"""
        insert into streamrelay.tasks ({TaskRow.Columns}, content, options, key_hash, writers)
        values ({TaskRow.Values}, @content, @options, @key_hash, jsonb_build_object(@writer, @ticket)) on conflict do nothing
        """;

    private static readonly string Update = $"""
        update streamrelay.tasks set {TaskRow.Changes}, writers = writers || jsonb_build_object(@writer, @ticket) where id = @id and version = @expected returning true
        """;

    private readonly WriterNames _writers = new();
    private long _ticket;

    public async ValueTask<TaskRecord?> AddAsync(TaskRecord record, TaskInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(input);
        var (writer, ticket) = (_writers.Take(), Interlocked.Increment(ref _ticket));
        var holder = await database.RunAsync((connection, lost) => AddAsync(connection, record, input, writer, ticket, lost, cancellationToken), cancellationToken);
        _writers.Return(writer);
        return holder;
    }

    public ValueTask<TaskRecord?> FindAsync(TaskId id, CancellationToken cancellationToken) => database.RunAsync(async (connection, _) =>
    {
        await using var command = new NpgsqlCommand($"select {TaskRow.Selected} from streamrelay.tasks where id = @id", connection);
        command.Parameters.AddWithValue("id", id.Value);
        return await ReadAsync(command, cancellationToken);
    }, cancellationToken);

    public ValueTask<TaskRecord?> FindByKeyAsync(string owner, string idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(idempotencyKey);
        return database.RunAsync((connection, _) => FindByKeyAsync(connection, owner, idempotencyKey, cancellationToken), cancellationToken);
    }

    public ValueTask<TaskInput?> GetInputAsync(TaskId id, CancellationToken cancellationToken) => database.RunAsync(async (connection, _) =>
    {
        await using var command = new NpgsqlCommand("select format, content, options from streamrelay.tasks where id = @id", connection);
        command.Parameters.AddWithValue("id", id.Value);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
            return null;

        TaskRow.CheckFormat(id.Value, row.GetInt16(0));
        return new TaskInput(row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2));
    }, cancellationToken);

    public ValueTask<bool> TryUpdateAsync(TaskRecord record, CancellationToken cancellationToken) => TryUpdateAsync(record, [], cancellationToken);

    /// <summary>Stores a changed record, and in the same transaction the messages about it.</summary>
    internal async ValueTask<bool> TryUpdateAsync(TaskRecord record, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        var (writer, ticket) = (_writers.Take(), Interlocked.Increment(ref _ticket));
        var updated = await database.RunAsync((connection, lost) => TryUpdateAsync(connection, record, messages, (writer, ticket), lost, cancellationToken), cancellationToken);
        _writers.Return(writer);
        return updated;
    }

    public ValueTask<IReadOnlyList<TaskRecord>> ListAsync(TaskQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return database.RunAsync<IReadOnlyList<TaskRecord>>(async (connection, _) =>
        {
            await using var command = PostgresTaskQuery.Command(connection, query);
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            List<TaskRecord> found = [];
            while (await row.ReadAsync(cancellationToken))
                found.Add(TaskRow.Read(row));

            return found;
        }, cancellationToken);
    }

    public ValueTask<bool> DeleteAsync(TaskId id, CancellationToken cancellationToken) => database.RunAsync(async (connection, lost) =>
    {
        await using var command = new NpgsqlCommand("with gone as (delete from streamrelay.files where task = @id) delete from streamrelay.tasks where id = @id", connection);
        command.Parameters.AddWithValue("id", id.Value);

        // When the row is missing after a lost reply, this call counts as the one that deleted it; ids are never reused.
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0 || lost;
    }, cancellationToken);

    private static async Task<TaskRecord?> AddAsync(
        NpgsqlConnection connection, TaskRecord record, TaskInput input, string writer, long ticket, bool lost, CancellationToken cancellationToken)
    {
        while (!await TryInsertAsync(connection, record, input, writer, ticket, cancellationToken))
        {
            var hasWritten = await HasWrittenAsync(connection, record.Id, writer, ticket, cancellationToken);
            if (lost && hasWritten == true)
                return null;
            if (record.Request.IdempotencyKey is { } key && await FindByKeyAsync(connection, record.Request.Owner, key, cancellationToken) is { } holder)
                return holder;
            if (hasWritten is not null)
                throw new InvalidOperationException($"Task {record.Id} exists already; ids are never reused.");

            // The task that held the key was deleted meanwhile, so the key is free.
        }

        return null;
    }

    private static async Task<bool> TryInsertAsync(
        NpgsqlConnection connection, TaskRecord record, TaskInput input, string writer, long ticket, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Insert, connection);
        TaskRow.AddRequest(command.Parameters, record.Request);
        TaskRow.AddProgress(command.Parameters, record, record.Version);
        TaskRow.AddKey(command.Parameters, record.Request.IdempotencyKey);
        command.Parameters.AddWithValue("content", NpgsqlDbType.Bytea, input.Content);
        command.Parameters.AddWithValue("options", NpgsqlDbType.Bytea, input.Options);
        command.Parameters.AddWithValue("writer", writer);
        command.Parameters.AddWithValue("ticket", ticket);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static async Task<bool> TryUpdateAsync(
        NpgsqlConnection connection, TaskRecord record, IReadOnlyList<OutboxMessage> messages, (string Name, long Ticket) writer, bool lost, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(messages.Count == 0 ? Update : PostgresOutbox.After(Update), connection);
        TaskRow.AddProgress(command.Parameters, record, record.Version + 1);
        command.Parameters.AddWithValue("id", record.Id.Value);
        command.Parameters.AddWithValue("expected", record.Version);
        command.Parameters.AddWithValue("writer", writer.Name);
        command.Parameters.AddWithValue("ticket", writer.Ticket);
        PostgresOutbox.AddMessages(command.Parameters, messages);
        return await command.ExecuteScalarAsync(cancellationToken) is true
            || (lost && await HasWrittenAsync(connection, record.Id, writer.Name, writer.Ticket, cancellationToken) == true);
    }

    /// <summary>Whether this write took effect; <see langword="null"/> when there is no such task. A writer's name is reused, even for the same version; only the ticket identifies the write.</summary>
    private static async Task<bool?> HasWrittenAsync(NpgsqlConnection connection, TaskId id, string writer, long ticket, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select coalesce((writers ->> @writer)::bigint = @ticket, false) from streamrelay.tasks where id = @id", connection);
        command.Parameters.AddWithValue("id", id.Value);
        command.Parameters.AddWithValue("writer", writer);
        command.Parameters.AddWithValue("ticket", ticket);
        return (bool?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task<TaskRecord?> FindByKeyAsync(NpgsqlConnection connection, string owner, string key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select {TaskRow.Selected} from streamrelay.tasks where owner = @owner and key_hash = @key_hash", connection);
        TaskRow.Add(command.Parameters, "owner", owner);
        TaskRow.AddKey(command.Parameters, key);
        return await ReadAsync(command, cancellationToken);
    }

    private static async Task<TaskRecord?> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? TaskRow.Read(row) : null;
    }
}
