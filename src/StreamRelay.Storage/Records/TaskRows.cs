using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using StreamRelay.Storage.Database;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Records;

/// <summary>Reads and writes the rows of tasks. A row that cannot be read counts as no task, and is logged once. Safe to use from any thread, with a session for each.</summary>
internal sealed partial class TaskRows(ILogger<TaskRows> logger)
{
    /// <summary>The query of tasks <c>t</c> without its condition.</summary>
    public const string Select = "select t.sequence, t.id, t.version, q.request, t.record from tasks t cross join requests q on q.sequence = t.sequence where ";

    // An id whose task is deleted is not free before its log is removed, because the removal would take the new task's log.
    private const string Insert = """
        insert into tasks (id, owner, agent, session, operation, key, ephemeral, state, stop_requested, version, ended, record)
        select $id, $owner, $agent, $session, $operation, $key, $ephemeral, $state, $stop_requested, $version, $ended, $record
        where not exists (select 1 from deletions where id = $id) on conflict (id) do nothing
        """;

    private const string InsertRequest =
        "insert into requests (sequence, request, content, options) values (last_insert_rowid(), $request, $content, $options)";

    private const string Update = """
        update tasks set state = $state, stop_requested = $stop_requested, version = $version, record = $record, ended = $ended
        where id = $id and version = $expected
        """;

    // A statement that does not name an indexed column writes no page of an index.
    private const string UpdateUnended = """
        update tasks set state = $state, stop_requested = $stop_requested, version = $version, record = $record
        where id = $id and version = $expected and ended is null
        """;

    private readonly HashSet<TaskId> _unreadable = [];

    /// <summary>The records whose rows need not be read, as long as they have the row's version.</summary>
    public RecentRecords Recent { get; } = new();

    public TaskRecord? Find(DatabaseSession session, TaskId id) => session.Find(Select + "t.id = $id", Read, ("$id", id.ToBytes())).Record;

    public TaskRecord? FindByKey(DatabaseSession session, string owner, string key) =>
        session.Find(Select + "t.owner = $owner and t.key = $key", Read, ("$owner", owner), ("$key", key)).Record;

    /// <returns><see langword="null"/> when there is no such task.</returns>
    public static TaskInput? FindInput(DatabaseSession session, TaskId id) => session.Find(
        "select content, options from requests where sequence = (select sequence from tasks where id = $id)",
        row => new TaskInput(row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1)), ("$id", id.ToBytes()));

    /// <summary>Returns the greatest id of a task; <see langword="null"/> when there is no task.</summary>
    public static TaskId? FindNewest(DatabaseSession session) =>
        session.Find("select id from tasks order by id desc limit 1", row => (TaskId?)row.GetFieldValue<byte[]>(0).ToTaskId());

    /// <summary>Adds a task, unless its owner has a task with the same idempotency key.</summary>
    /// <returns>The task that has the key, or <see langword="null"/> when the new task was added.</returns>
    /// <exception cref="InvalidOperationException">The id is in use.</exception>
    public TaskRecord? Add(DatabaseSession session, TaskRecord record, TaskInput input)
    {
        var request = record.Request;
        if (request.IdempotencyKey is { } key && FindByKey(session, request.Owner, key) is { } holder)
            return holder;

        var added = session.Execute(Insert,
            ("$id", record.Id.ToBytes()), ("$owner", request.Owner), ("$agent", request.Agent), ("$session", request.SessionId),
            ("$operation", request.OperationId), ("$key", request.IdempotencyKey), ("$ephemeral", request.Ephemeral), ("$state", (int)record.State),
            ("$stop_requested", record.StopRequested), ("$version", record.Version), ("$ended", ToColumn(record.EndedAt)), ("$record", ToColumn(record)));
        if (added == 0)
            throw new InvalidOperationException($"Task {record.Id} exists or was deleted recently, and its id cannot be used again.");

        session.Execute(InsertRequest,
            ("$request", JsonSerializer.SerializeToUtf8Bytes(StoredRequest.From(request), StorageJson.Default.StoredRequest)),
            ("$content", input.Content.ToArray()), ("$options", input.Options.ToArray()));
        return null;
    }

    /// <summary>Replaces a record by its next version.</summary>
    /// <returns><see langword="false"/> when another version is stored, or none.</returns>
    public static bool Replace(DatabaseSession session, TaskRecord next, long expected)
    {
        ReadOnlySpan<(string, object?)> values =
        [
            ("$id", next.Id.ToBytes()), ("$expected", expected), ("$state", (int)next.State), ("$stop_requested", next.StopRequested),
            ("$version", next.Version), ("$record", ToColumn(next)), ("$ended", ToColumn(next.EndedAt)),
        ];
        return (next.EndedAt is null && session.Execute(UpdateUnended, values[..^1]) > 0) || session.Execute(Update, values) > 0;
    }

    /// <summary>Deletes a task, and notes that its log and files are to be removed.</summary>
    /// <returns><see langword="false"/> when there is no such task.</returns>
    public static bool Delete(DatabaseSession session, TaskId id)
    {
        var bytes = id.ToBytes();
        var sequence = session.Find("delete from tasks where id = $id returning sequence", row => row.GetInt64(0), ("$id", bytes));
        if (sequence == 0)
            return false;

        session.Execute("delete from requests where sequence = $sequence", ("$sequence", sequence));
        session.Execute("insert into deletions (id) values ($id) on conflict do nothing", ("$id", bytes));
        return true;
    }

    /// <summary>Returns the tasks that match, those that were added last first.</summary>
    public List<TaskRecord> List(DatabaseSession session, TaskQuery query)
    {
        var found = new List<TaskRecord>();
        for (var before = TaskListing.Start(session, query); ;)
        {
            // Rows that cannot be read leave room for further ones.
            var missing = query.Limit - found.Count;
            var (sql, values) = TaskListing.Page(query, before, missing);
            var page = session.List(Select + sql, Read, values);
            found.AddRange(page.Select(row => row.Record).OfType<TaskRecord>());
            if (page.Count < missing || found.Count == query.Limit)
                return found;

            before = page[^1].Sequence;
        }
    }

    /// <summary>Returns the tasks that ended at a time or later.</summary>
    public List<TaskRecord> ListEnded(DatabaseSession session, DateTimeOffset since) =>
        [.. session.List(Select + "t.ended >= $since", Read, ("$since", ToColumn(since))).Select(row => row.Record).OfType<TaskRecord>()];

    private (long Sequence, TaskRecord? Record) Read(SqliteDataReader row)
    {
        var sequence = row.GetInt64(0);
        var id = row.GetFieldValue<byte[]>(1).ToTaskId();
        if (Recent.Find(id) is { } recent && recent.Version == row.GetInt64(2))
            return (sequence, recent);

        try
        {
            var request = JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(3), StorageJson.Default.StoredRequest) ?? throw new JsonException("The request is null.");
            var record = JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(4), StorageJson.Default.StoredRecord) ?? throw new JsonException("The record is null.");
            return (sequence, record.ToRecord(request.ToRequest()));
        }
        catch (JsonException exception)
        {
            lock (_unreadable)
            {
                if (_unreadable.Add(id))
                    RecordUnreadable(exception, id);
            }

            return (sequence, null);
        }
    }

    private static byte[] ToColumn(TaskRecord record) => JsonSerializer.SerializeToUtf8Bytes(StoredRecord.From(record), StorageJson.Default.StoredRecord);

    private static long? ToColumn(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    [LoggerMessage(1, LogLevel.Error, "The record of task {Task} cannot be read; the task is left out, and what is stored of it is kept")]
    private partial void RecordUnreadable(Exception exception, TaskId task);
}
