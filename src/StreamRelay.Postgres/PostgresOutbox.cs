using Npgsql;
using NpgsqlTypes;
using StreamRelay.Outbox;
using StreamRelay.Tasks;

namespace StreamRelay.Postgres;

/// <summary>Stores messages as rows. A claim moves the time at which a message is due, so that the index finds no claimed message and an ended process leaves no lock.</summary>
internal sealed class PostgresOutbox(PostgresDatabase database, PostgresTaskStore tasks) : IOutbox
{
    private const string Claim = """
        with due as (select queue, task from streamrelay.outbox where queue = @queue and due_at <= @now order by due_at limit @limit for update skip locked)
        update streamrelay.outbox o set due_at = @until from due where o.queue = due.queue and o.task = due.task
        returning o.task, o.attempts, o.body
        """;

    private const string IsClaimed = "where queue = @queue and task = @task and due_at = @due_at";

    public bool IsShared => true;

    /// <summary>An update of a task's record that adds the messages when it takes effect. Its result is the same.</summary>
    public static string After(string update) => $"""
        with updated as ({update}), added as (
          insert into streamrelay.outbox (queue, task, due_at, attempts, body)
          select m.queue, @id, m.due_at, 0, m.body from updated, unnest(@queues, @dues, @bodies) as m (queue, due_at, body) on conflict do nothing)
        select true from updated
        """;

    /// <summary>Adds the parameters of <see cref="After"/>.</summary>
    public static void AddMessages(NpgsqlParameterCollection parameters, IReadOnlyList<OutboxMessage> messages)
    {
        if (messages.Count == 0)
            return;

        parameters.AddWithValue("queues", NpgsqlDbType.Array | NpgsqlDbType.Text, messages.Select(message => message.Queue).ToArray());
        parameters.AddWithValue("dues", NpgsqlDbType.Array | NpgsqlDbType.Bigint, messages.Select(message => Stored(message.DueAt)).ToArray());
        parameters.AddWithValue("bodies", NpgsqlDbType.Array | NpgsqlDbType.Bytea, messages.Select(message => message.Body.ToArray()).ToArray());
    }

    public ValueTask<bool> TryEndAsync(TaskRecord ended, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken) =>
        tasks.TryUpdateAsync(ended, messages, cancellationToken);

    public ValueTask<IReadOnlyList<OutboxMessage>> ClaimAsync(string queue, int limit, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<OutboxMessage>>(async (connection, _) =>
        {
            await using var command = Command(connection, Claim, ("queue", queue), ("limit", limit), ("now", Stored(now)), ("until", Stored(until)));
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            List<OutboxMessage> claimed = [];
            while (await row.ReadAsync(cancellationToken))
                claimed.Add(new(queue, new(row.GetGuid(0)), until, row.GetInt32(1), row.GetFieldValue<byte[]>(2)));

            return claimed;
        }, cancellationToken);

    public ValueTask<DateTimeOffset?> FindNextDueAsync(string queue, CancellationToken cancellationToken) => database.RunAsync<DateTimeOffset?>(async (connection, _) =>
    {
        await using var command = Command(connection, "select min(due_at) from streamrelay.outbox where queue = @queue", ("queue", queue));
        return await command.ExecuteScalarAsync(cancellationToken) is long due ? DateTimeOffset.FromUnixTimeMilliseconds(due) : null;
    }, cancellationToken);

    public async ValueTask RemoveAsync(OutboxMessage claimed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        await ExecuteAsync($"delete from streamrelay.outbox {IsClaimed}", cancellationToken, Key(claimed));
    }

    public async ValueTask PostponeAsync(OutboxMessage claimed, DateTimeOffset dueAt, int attempts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        await ExecuteAsync($"update streamrelay.outbox set due_at = @next, attempts = @attempts {IsClaimed}", cancellationToken,
            [.. Key(claimed), ("next", Stored(dueAt)), ("attempts", attempts)]);
    }

    public ValueTask<int> RemoveOthersAsync(IReadOnlyCollection<string> queues, DateTimeOffset dueBefore, CancellationToken cancellationToken) =>
        ExecuteAsync("delete from streamrelay.outbox where queue <> all (@queues) and due_at < @before", cancellationToken,
            ("queues", queues.ToArray()), ("before", Stored(dueBefore)));

    private ValueTask<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params (string Name, object Value)[] parameters) =>
        database.RunAsync(async (connection, _) =>
        {
            await using var command = Command(connection, sql, parameters);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        }, cancellationToken);

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);

        return command;
    }

    private static (string Name, object Value)[] Key(OutboxMessage claimed) => [("queue", claimed.Queue), ("task", claimed.Task.Value), ("due_at", Stored(claimed.DueAt))];

    private static long Stored(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
}
