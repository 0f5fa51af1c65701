using StreamRelay.Events;
using StreamRelay.Tasks;

namespace StreamRelay.Logs;

/// <summary>One durable, append-only log per task. Every method is safe to call from any thread.</summary>
public interface IEventLog
{
    /// <summary>Opens the task's log for writing, creating it when there is none. Writers of lower epochs can no longer append.</summary>
    /// <exception cref="StaleEpochException">A writer with a higher epoch has opened it.</exception>
    /// <exception cref="LogDamagedException">Entries of the log are damaged.</exception>
    ValueTask<IEventLogWriter> OpenAsync(TaskId task, long epoch, CancellationToken cancellationToken);

    /// <summary>The entries after <paramref name="offset"/>, at most <paramref name="limit"/> and about 256 KiB of them (always one, if there is one); empty at the end.</summary>
    /// <exception cref="LogNotFoundException">There is no such log.</exception>
    /// <exception cref="LogDamagedException">The next entry is damaged or missing.</exception>
    ValueTask<ReadOnlyMemory<StreamEntry>> ReadAsync(TaskId task, long offset, int limit, CancellationToken cancellationToken);

    /// <summary>Appends entries to a log with several writers, if the offset of the first entry is the next one. On return all of them are durable, or none was appended.</summary>
    /// <param name="task">The task.</param>
    /// <param name="entries">At least one; their offsets count up.</param>
    /// <param name="cancellationToken">Cancels the call; the entries may have been appended then.</param>
    /// <returns><see langword="false"/> when another writer was first.</returns>
    /// <exception cref="LogNotFoundException">There is no such log.</exception>
    /// <exception cref="IOException">The store could not write.</exception>
    ValueTask<bool> TryAppendAsync(TaskId task, ReadOnlyMemory<StreamEntry> entries, CancellationToken cancellationToken);

    /// <summary>Removes the log, if there is one.</summary>
    ValueTask DeleteAsync(TaskId task, CancellationToken cancellationToken);
}
