using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using StreamRelay.Storage;

namespace StreamRelay.Streams;

/// <summary>All streams of this process: creates, finds, feeds, reads, closes, lists and cleans them up. Safe to call from any thread.</summary>
public sealed class StreamManager(IEventLog log, ITaskStore tasks, IFileStore files, IOptions<StreamOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<TaskId, TaskStream> _streams = new();

    /// <summary>Who reads which task now. While somebody does, the task is not cleaned up.</summary>
    public StreamReaders Readers { get; } = new();

    /// <summary>Opens the task's stream for writing in this epoch. The task is readable from here on.</summary>
    /// <exception cref="InvalidOperationException">It is open already: ids are never reused.</exception>
    /// <exception cref="StaleEpochException">A newer attempt owns the task.</exception>
    public ValueTask<TaskStream> CreateAsync(TaskId task, long epoch, CancellationToken cancellationToken) =>
        ContinueAsync(task, epoch, LogSummary.Empty, cancellationToken);

    /// <summary>As <see cref="CreateAsync"/>, for a task that has said something before.</summary>
    internal async ValueTask<TaskStream> ContinueAsync(TaskId task, long epoch, LogSummary before, CancellationToken cancellationToken)
    {
        if (_streams.ContainsKey(task))
            throw new InvalidOperationException($"Task {task} has an open stream already; every task needs an id of its own.");

        var stream = new TaskStream(task, await log.OpenAsync(task, epoch, cancellationToken), before, options.Value, time);
        return _streams.TryAdd(task, stream)
            ? stream
            : throw new InvalidOperationException($"Task {task} has an open stream already; every task needs an id of its own.");
    }

    /// <summary>The stream of a task that has not ended, or <see langword="null"/>.</summary>
    public TaskStream? Find(TaskId task) => _streams.GetValueOrDefault(task);

    /// <summary>Publishes an event of a task, waiting for room in its inbox.</summary>
    /// <exception cref="PublishException">It was not taken: full, closed, unknown task …</exception>
    public ValueTask PublishAsync(TaskId task, StreamEvent streamEvent, CancellationToken cancellationToken) =>
        Find(task) is { } stream
            ? stream.PublishAsync(streamEvent, cancellationToken)
            : throw new PublishException(PublishFailure.UnknownTask, task);

    /// <summary>Ends a task's stream with a terminal event, unless another one was first.</summary>
    /// <returns>Whether <paramref name="terminal"/> is the one that was written.</returns>
    /// <exception cref="PublishException">The task is unknown, or the store could not write.</exception>
    public async ValueTask<bool> CloseAsync(TaskId task, StreamEvent terminal)
    {
        var stream = Find(task) ?? throw new PublishException(PublishFailure.UnknownTask, task);
        var won = await stream.CompleteAsync(terminal);
        Release(stream);
        return won;
    }

    /// <summary>The tasks that have not ended.</summary>
    public IReadOnlyCollection<TaskId> ListActive() => [.. _streams.Keys];

    /// <summary>A cursor that reads on after <paramref name="offset"/>; 0 reads from the beginning.</summary>
    public StreamCursor Read(TaskId task, long offset) => new(task, offset, log, Find(task));

    /// <summary>Deletes tasks that ended at least <paramref name="age"/> ago, oldest first, never one that runs or is being read.</summary>
    /// <param name="age">Time since the end.</param>
    /// <param name="owner">Only this owner's tasks; <see langword="null"/> for everybody's.</param>
    /// <param name="cancellationToken">Stops between two tasks.</param>
    /// <returns>How many were deleted.</returns>
    public async ValueTask<int> CleanUpAsync(TimeSpan age, string? owner, CancellationToken cancellationToken)
    {
        var query = new TaskQuery { Owner = owner, EndedBefore = time.GetUtcNow() - age, Limit = int.MaxValue };
        var deleted = 0;
        foreach (var record in (await tasks.ListAsync(query, cancellationToken)).OrderBy(record => record.EndedAt))
        {
            if (Readers.Count(record.Id) == 0 && await DeleteAsync(record.Id, cancellationToken))
                deleted++;
        }

        return deleted;
    }

    /// <summary>Deletes ended tasks, oldest first, until those that are left keep at most <paramref name="maxBytes"/> of events and files; never one that is being read.</summary>
    /// <returns>How many were deleted.</returns>
    public async ValueTask<int> TrimAsync(long maxBytes, CancellationToken cancellationToken)
    {
        var ended = (await tasks.ListAsync(new() { EndedBefore = time.GetUtcNow(), Limit = int.MaxValue }, cancellationToken)).OrderBy(record => record.EndedAt).ToArray();
        var bytes = ended.Sum(Size);
        var deleted = 0;
        foreach (var record in ended)
        {
            if (bytes <= maxBytes)
                break;
            if (Readers.Count(record.Id) > 0 || !await DeleteAsync(record.Id, cancellationToken))
                continue;

            bytes -= Size(record);
            deleted++;
        }

        return deleted;

        static long Size(TaskRecord record) => record.Bytes + record.Files.Sum(file => file.Size);
    }

    /// <summary>Deletes a task that has ended: its record first, so that it cannot be found half-gone, then its events and files.</summary>
    /// <returns><see langword="false"/> when there is no such task.</returns>
    /// <exception cref="InvalidOperationException">It has not ended.</exception>
    public async ValueTask<bool> DeleteAsync(TaskId task, CancellationToken cancellationToken)
    {
        if (Find(task) is not null)
            throw new InvalidOperationException($"Task {task} has not ended; stop it first.");
        if (!await tasks.DeleteAsync(task, cancellationToken))
            return false;

        await log.DeleteAsync(task, CancellationToken.None);
        await files.DeleteAsync(task, CancellationToken.None);
        return true;
    }

    internal void Release(TaskStream stream) => _streams.TryRemove(new(stream.Id, stream));
}
