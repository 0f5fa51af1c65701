using Microsoft.Data.Sqlite;
using StreamRelay.Outbox;
using StreamRelay.Storage.Database;
using StreamRelay.Storage.Records;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Outbox;

/// <summary>Stores messages as rows of the database. A claim moves the time at which a message is due, so that a message whose process ended is due again by itself.</summary>
internal sealed class EmbeddedOutbox(StoreDatabase database, EmbeddedTaskStore tasks) : IOutbox
{
    private const string Insert = "insert into outbox (queue, task, due, attempts, body) values ($queue, $task, $due, 0, $body) on conflict do nothing";

    private const string SetDue = "update outbox set due = $next, attempts = $attempts where queue = $queue and task = $task and due = $due";

    public bool IsShared => false;

    public ValueTask<bool> TryEndAsync(TaskRecord ended, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken) =>
        tasks.TryUpdateAsync(ended, session => Add(session, messages), cancellationToken);

    public async ValueTask<IReadOnlyList<OutboxMessage>> ClaimAsync(string queue, int limit, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        // Nothing is written while no message is due.
        if (database.Read(session => FindDueMessages(session, queue, 1, now)).Count == 0)
            return [];

        return await database.WriteAsync(session => FindDueMessages(session, queue, limit, now).ConvertAll(message =>
        {
            Postpone(session, message, until, message.Attempts);
            return message with { DueAt = until };
        }));
    }

    public ValueTask<DateTimeOffset?> FindNextDueAsync(string queue, CancellationToken cancellationToken) =>
        new(database.Read(session => session.Find("select min(due) from outbox where queue = $queue", ReadTime, ("$queue", queue))));

    public async ValueTask RemoveAsync(OutboxMessage claimed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        await database.WriteAsync(session => session.Execute("delete from outbox where queue = $queue and task = $task and due = $due",
            ("$queue", claimed.Queue), ("$task", claimed.Task.ToBytes()), ("$due", Stored(claimed.DueAt))));
    }

    public async ValueTask PostponeAsync(OutboxMessage claimed, DateTimeOffset dueAt, int attempts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        await database.WriteAsync(session => Postpone(session, claimed, dueAt, attempts));
    }

    public async ValueTask<int> RemoveOthersAsync(IReadOnlyCollection<string> queues, DateTimeOffset dueBefore, CancellationToken cancellationToken) =>
        await database.WriteAsync(session => session.List("select distinct queue from outbox", row => row.GetString(0)).Except(queues).Sum(queue =>
            session.Execute("delete from outbox where queue = $queue and due < $before", ("$queue", queue), ("$before", Stored(dueBefore)))));

    private static void Add(DatabaseSession session, IReadOnlyList<OutboxMessage> messages)
    {
        foreach (var message in messages)
        {
            session.Execute(Insert, ("$queue", message.Queue), ("$task", message.Task.ToBytes()), ("$due", Stored(message.DueAt)), ("$body", message.Body.ToArray()));
        }
    }

    private static List<OutboxMessage> FindDueMessages(DatabaseSession session, string queue, int limit, DateTimeOffset now) => session.List(
        "select task, due, attempts, body from outbox where queue = $queue and due <= $now order by due limit $limit",
        row => new OutboxMessage(queue, row.GetFieldValue<byte[]>(0).ToTaskId(), ReadTime(row.GetInt64(1)), row.GetInt32(2), row.GetFieldValue<byte[]>(3)),
        ("$queue", queue), ("$now", Stored(now)), ("$limit", limit));

    private static int Postpone(DatabaseSession session, OutboxMessage claimed, DateTimeOffset dueAt, int attempts) => session.Execute(SetDue,
        ("$next", Stored(dueAt)), ("$attempts", attempts), ("$queue", claimed.Queue), ("$task", claimed.Task.ToBytes()), ("$due", Stored(claimed.DueAt)));

    private static DateTimeOffset? ReadTime(SqliteDataReader row) => row.IsDBNull(0) ? null : ReadTime(row.GetInt64(0));

    private static DateTimeOffset ReadTime(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static long Stored(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
}
