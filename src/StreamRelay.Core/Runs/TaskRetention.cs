using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Deletes tasks that have ended, never one that runs. Safe to use from any thread.</summary>
public sealed partial class TaskRetention(RunStores stores, StreamReaders readers, ILogger<TaskRetention> logger)
{
    private const int PageRecords = 100;

    // A store commits the deletions that wait for it together.
    private const int ParallelDeletions = 128;

    /// <summary>Deletes tasks that ended at least <paramref name="age"/> ago, never one that is being read. A task that cannot be deleted is logged, and the others are deleted.</summary>
    /// <param name="age">Time since the end.</param>
    /// <param name="among">Only these tasks are deleted; <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Stops between two tasks.</param>
    /// <returns>How many tasks were deleted.</returns>
    public async ValueTask<int> CleanUpAsync(TimeSpan age, TaskQuery? among, CancellationToken cancellationToken)
    {
        var deleted = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelDeletions, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(ListEndedAsync(among ?? new(), stores.Time.GetUtcNow() - age, cancellationToken), options, async (record, stopping) =>
        {
            if (await TryDeleteUnreadAsync(record.Id, stopping) is true)
                Interlocked.Increment(ref deleted);
        });
        return deleted;
    }

    /// <summary>Deletes ended tasks, oldest first, until the events and files of the others have at most <paramref name="maxBytes"/>; never a task that is being read.
    /// A task that cannot be deleted is logged, and younger ones are deleted in its place.</summary>
    /// <returns>How many tasks were deleted.</returns>
    public async ValueTask<int> TrimAsync(long maxBytes, CancellationToken cancellationToken)
    {
        List<(TaskId Id, DateTimeOffset? EndedAt, long Bytes)> ended = [];
        await foreach (var record in ListEndedAsync(new(), stores.Time.GetUtcNow(), cancellationToken))
            ended.Add((record.Id, record.EndedAt, record.Bytes + record.Files.Sum(file => file.Size)));

        var deleted = 0;
        var bytes = ended.Sum(task => task.Bytes);
        foreach (var task in ended.OrderBy(task => task.EndedAt).TakeWhile(_ => bytes > maxBytes))
        {
            if (await TryDeleteUnreadAsync(task.Id, cancellationToken) is not { } isDeleted)
                continue;

            // Its bytes are free also when another node deleted the task.
            deleted += isDeleted ? 1 : 0;
            bytes -= task.Bytes;
        }

        return deleted;
    }

    /// <summary>Deletes a task that has ended: its record first, so that it cannot be found without its events, then its events and files.</summary>
    /// <returns><see langword="false"/> when there is no such task.</returns>
    /// <exception cref="InvalidOperationException">The task has not ended.</exception>
    public async ValueTask<bool> DeleteAsync(TaskId task, CancellationToken cancellationToken)
    {
        if (stores.Streams.Find(task) is not null)
            throw new InvalidOperationException($"Task {task} has not ended; stop it first.");
        if (!await stores.Tasks.DeleteAsync(task, cancellationToken))
            return false;

        await stores.DeleteContentAsync(task);
        return true;
    }

    /// <returns>Whether the task existed and was deleted; <see langword="null"/> when it is being read or could not be deleted.</returns>
    private async ValueTask<bool?> TryDeleteUnreadAsync(TaskId task, CancellationToken cancellationToken)
    {
        try
        {
            return await readers.CountAllAsync(task, cancellationToken) > 0 ? null : await DeleteAsync(task, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            TaskNotDeleted(task, exception);
            return null;
        }
    }

    private async IAsyncEnumerable<TaskRecord> ListEndedAsync(TaskQuery among, DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (TaskId? last = null; ;)
        {
            var page = await stores.Tasks.ListAsync(among with { EndedBefore = before, Before = last, Limit = PageRecords }, cancellationToken);
            foreach (var record in page)
                yield return record;

            if (page.Count < PageRecords)
                yield break;

            last = page[^1].Id;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Task {TaskId} could not be deleted; the next clean-up tries again")]
    private partial void TaskNotDeleted(TaskId taskId, Exception exception);
}
