using Microsoft.Data.Sqlite;
using StreamRelay.Storage.Database;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>The index of the sealed segments in the database.</summary>
internal sealed class SegmentIndex : ISegmentIndex
{
    private const string Columns = "task, segment, position, length, first_offset, next_offset, epoch";
    private const string Values = "$task, $segment, $position, $length, $first_offset, $next_offset, $epoch";

    private readonly StoreDatabase _database;
    private readonly Lock _gate = new();
    private TaskId? _newest;

    /// <summary>Creates the index of a database.</summary>
    public SegmentIndex(StoreDatabase database)
    {
        _database = database;
        _newest = database.Read(session => session.Find("select task from runs order by task desc limit 1", row => (TaskId?)row.GetFieldValue<byte[]>(0).ToTaskId()));
    }

    public IReadOnlyList<SealedSegmentInfo> List() => _database.Read(session => session.List(
        "select sequence, length, live from segments order by sequence",
        row => new SealedSegmentInfo(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))));

    // The log of a new task is looked up often, and its id sorts after all ids in the index: the database need not be asked.
    public IReadOnlyList<SealedRun> Find(TaskId task) => IsNew(task) ? [] : _database.Read(session => session.List(
        $"select {Columns} from runs where task = $task order by first_offset, next_offset", Read, ("$task", task.ToBytes())));

    public IReadOnlyList<SealedRun> FindIn(long segment) => _database.Read(session => session.List(
        $"select {Columns} from runs where segment = $segment order by task, position", Read, ("$segment", segment)));

    public Task AddAsync(SealedSegmentInfo segment, IReadOnlyCollection<TaskId> deleted, Func<IEnumerable<SealedRun>> runs) => _database.WriteDurablyAsync(session =>
    {
        // An earlier attempt may have been committed before it failed.
        session.Execute("delete from runs where segment = $segment", ("$segment", segment.Sequence));
        Delete(session, deleted);
        var added = runs().ToArray();
        foreach (var run in added)
        {
            session.Execute($"insert into runs ({Columns}) values ({Values})", ToValues(run));
            Observe(run.Task);
        }

        Add(session, segment with { LiveBytes = added.Sum(run => (long)run.Length) });
    });

    public Task ReplaceAsync(long segment, SealedSegmentInfo by, IReadOnlyCollection<SealedRun> runs) => _database.WriteDurablyAsync(session =>
    {
        Add(session, by with { LiveBytes = 0 });
        foreach (var run in runs)
        {
            session.Execute($"insert into runs ({Columns}) select {Values} where exists (select 1 from runs where task = $task and segment = $replaced)",
                [.. ToValues(run), ("$replaced", segment)]);
        }

        session.Execute("delete from runs where segment = $segment", ("$segment", segment));
        session.Execute("update segments set live = (select coalesce(sum(length), 0) from runs where segment = $segment) where sequence = $segment", ("$segment", by.Sequence));
    });

    public Task DeleteAsync(IReadOnlyCollection<TaskId> tasks) => tasks.All(IsNew) ? Task.CompletedTask : _database.WriteAsync(session =>
    {
        Delete(session, tasks);
        return true;
    });

    public Task RemoveAsync(long segment) => _database.WriteAsync(session =>
    {
        session.Execute("delete from runs where segment = $segment", ("$segment", segment));
        return session.Execute("delete from segments where sequence = $segment", ("$segment", segment));
    });

    private static void Add(DatabaseSession session, SealedSegmentInfo segment) => session.Execute(
        "insert or replace into segments (sequence, length, live) values ($sequence, $length, $live)",
        ("$sequence", segment.Sequence), ("$length", segment.Length), ("$live", segment.LiveBytes));

    private static void Delete(DatabaseSession session, IReadOnlyCollection<TaskId> tasks)
    {
        foreach (var task in tasks)
            session.Execute("delete from runs where task = $task", ("$task", task.ToBytes()));
    }

    private static (string, object?)[] ToValues(in SealedRun run) =>
    [
        ("$task", run.Task.ToBytes()), ("$segment", run.Segment), ("$position", run.Position), ("$length", run.Length),
        ("$first_offset", run.FirstOffset), ("$next_offset", run.NextOffset), ("$epoch", run.Epoch),
    ];

    private static SealedRun Read(SqliteDataReader row) => new(
        row.GetFieldValue<byte[]>(0).ToTaskId(), row.GetInt64(1), row.GetInt64(2), row.GetInt32(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6));

    private bool IsNew(TaskId task)
    {
        lock (_gate)
            return _newest is not { } newest || task > newest;
    }

    private void Observe(TaskId task)
    {
        lock (_gate)
            _newest = _newest is { } newest && newest > task ? newest : task;
    }
}
