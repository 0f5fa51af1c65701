using Microsoft.Extensions.Logging;
using StreamRelay.Logs;
using StreamRelay.Storage.Database;
using StreamRelay.Storage.Journal;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Records;

/// <summary>Notes in the record of a task that its log is damaged, and logs that once.</summary>
internal sealed partial class DamagedLogs(StoreDatabase database, TaskRows rows, ILogger<DamagedLogs> logger)
{
    /// <summary>Notes the damage that recovery found. When it skipped bytes whose task is unknown, the logs that may have ended in them are compared with their records.</summary>
    public void Check(EventJournal journal)
    {
        if (journal.SkippedSince is not { } since)
            return;

        foreach (var record in database.Read(session => rows.ListEnded(session, since)))
        {
            if (journal.FindHead(record.Id) < record.LastOffset)
                journal.AddDamage(record.Id);
        }

        foreach (var damage in journal.ListDamage())
            ReportAsync(damage).GetAwaiter().GetResult();
    }

    /// <summary>Notes a damage in the record of its task.</summary>
    public async Task ReportAsync(LogDamagedException damage)
    {
        try
        {
            if (await database.WriteAsync(session => Mark(session, damage), record => Remember(record)) is not null)
                LogDamaged(damage.Task, damage.After);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            DamageNotStored(exception, damage.Task, damage.After);
        }
    }

    private TaskRecord? Mark(DatabaseSession session, LogDamagedException damage)
    {
        if (rows.Find(session, damage.Task) is not { } record || record.DamagedAfter <= damage.After)
            return null;

        var marked = record with { DamagedAfter = damage.After, Version = record.Version + 1 };
        return TaskRows.Replace(session, marked, record.Version) ? marked : null;
    }

    private void Remember(TaskRecord? record)
    {
        if (record is not null)
            rows.Recent.Set(record);
    }

    [LoggerMessage(1, LogLevel.Error, "The log of task {Task} is damaged after entry {Offset}; the entries up to there can be read")]
    private partial void LogDamaged(TaskId task, long offset);

    [LoggerMessage(2, LogLevel.Error, "The log of task {Task} is damaged after entry {Offset}, and its record could not be updated")]
    private partial void DamageNotStored(Exception exception, TaskId task, long offset);
}
