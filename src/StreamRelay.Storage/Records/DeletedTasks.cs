using Microsoft.Extensions.Logging;
using StreamRelay.Files;
using StreamRelay.Runs;
using StreamRelay.Storage.Database;
using StreamRelay.Storage.Journal;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Records;

/// <summary>Removes the logs and files of tasks whose rows are deleted. The database names these tasks until that is done, so it is tried again at the next start and once a minute.</summary>
internal sealed partial class DeletedTasks(
    StoreDatabase database, EventJournal journal, IFileStore files, TimeProvider time, ILogger<DeletedTasks> logger) : BackgroundLoop
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(1);

    /// <summary>Removes the log and the files of a deleted task. A failure is logged, and the removal is tried again later.</summary>
    public async Task RemoveAsync(TaskId task)
    {
        try
        {
            await journal.DeleteAsync(task);
            await files.DeleteAsync(task, CancellationToken.None);
            _ = ForgetAsync(task);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            NotRemoved(exception, task);
        }
    }

    /// <summary>Removes what earlier deletions have left, now and once a minute.</summary>
    protected override async Task RunAsync(CancellationToken stopping)
    {
        // The caller does not wait for the first removals.
        await Task.Yield();
        using var timer = new PeriodicTimer(RetryInterval, time);
        do
            await RemoveAllAsync(stopping);
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private async Task RemoveAllAsync(CancellationToken stopping)
    {
        try
        {
            foreach (var task in database.Read(session => session.List("select id from deletions", row => row.GetFieldValue<byte[]>(0).ToTaskId())))
            {
                stopping.ThrowIfCancellationRequested();
                await RemoveAsync(task);
            }
        }
        catch (IOException exception)
        {
            DeletionsNotRead(exception);
        }
    }

    private async Task ForgetAsync(TaskId task)
    {
        try
        {
            await database.WriteAsync(session => session.Execute("delete from deletions where id = $id", ("$id", task.ToBytes())));
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            NotRemoved(exception, task);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Task {Task} is deleted, but its events or files could not be removed yet; that is tried again")]
    private partial void NotRemoved(Exception exception, TaskId task);

    [LoggerMessage(2, LogLevel.Warning, "The deleted tasks whose events and files are to be removed could not be read; that is tried again")]
    private partial void DeletionsNotRead(Exception exception);
}
