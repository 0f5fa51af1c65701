using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>The event logs of the embedded store.</summary>
/// <param name="journal">The journal.</param>
/// <param name="onDamage">Called before a call fails because a log is damaged; it must not throw.</param>
internal sealed class JournalEventLog(EventJournal journal, Func<LogDamagedException, Task> onDamage) : IEventLog
{
    public async ValueTask<IEventLogWriter> OpenAsync(TaskId task, long epoch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await journal.OpenAsync(task, epoch);
        }
        catch (LogDamagedException damage)
        {
            await onDamage(damage);
            throw;
        }
    }

    public ValueTask<ReadOnlyMemory<StreamEntry>> ReadAsync(TaskId task, long offset, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return new(journal.Read(task, offset, limit));
        }
        catch (LogDamagedException damage)
        {
            return FailAsync(damage);
        }
    }

    public ValueTask<bool> TryAppendAsync(TaskId task, ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return journal.TryAppendAsync(task, entries);
    }

    public ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return journal.DeleteAsync(task);
    }

    private async ValueTask<ReadOnlyMemory<StreamEntry>> FailAsync(LogDamagedException damage)
    {
        await onDamage(damage);
        throw damage;
    }
}
