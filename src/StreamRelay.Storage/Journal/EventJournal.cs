using Microsoft.Extensions.Logging;
using StreamRelay.Events;
using StreamRelay.Storage.Disk;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>The journal of all tasks. Acknowledged records are in its segments first, and the compactor moves them to the tasks' own files later.</summary>
internal sealed class EventJournal : IAsyncDisposable
{
    private const int OpenFiles = 256;

    private readonly LogTable _table;
    private readonly HandleCache _handles;
    private readonly LogReader _reader;
    private readonly Deletions _deletions;
    private readonly Compactor _compactor;
    private readonly SegmentWriter _segments;
    private readonly CommitLoop _loop;

    private EventJournal(IStorageDisk disk, StorageLayout layout, StorageOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        var sync = options.Durability == Durability.Disk;
        _table = new(disk, layout, loggers.CreateLogger<LogTable>());
        _handles = new(disk, layout, OpenFiles);
        _reader = new(_table, _handles);
        _deletions = new(disk, layout, _table, _handles);
        _compactor = new(disk, layout, sync, _table, _deletions, loggers.CreateLogger<Compactor>());
        _segments = new(disk, layout, sync, options.SegmentBytes, _compactor, time, loggers.CreateLogger<SegmentWriter>());
        _loop = new(_table, _segments, _deletions, loggers.CreateLogger<CommitLoop>());
    }

    /// <summary>The number of the tasks' own files that are open.</summary>
    public int OpenHandles => _handles.Count;

    /// <summary>Opens the journal and recovers its records. The first <see cref="CompactAsync"/> moves the segments of the last run.</summary>
    /// <exception cref="IOException">The journal cannot be read or written, or has a format that this version does not read.</exception>
    public static EventJournal Open(IStorageDisk disk, StorageLayout layout, StorageOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        disk.CreateFolder(layout.Journal);
        disk.CreateFolder(layout.Tasks);
        var sync = options.Durability == Durability.Disk;
        if (sync)
            disk.SyncFolder(layout.Root);

        var journal = new EventJournal(disk, layout, options, time, loggers);
        var recovery = new JournalRecovery(disk, layout, sync, journal._table, journal._deletions, loggers.CreateLogger<JournalRecovery>());
        try
        {
            recovery.Run();
            journal._segments.Open(recovery.LastSequence, recovery.Segments.LastOrDefault());
        }
        catch
        {
            recovery.Close();
            throw;
        }

        foreach (var segment in recovery.Segments)
            journal._compactor.Enqueue(segment);
        journal._loop.Start();
        return journal;
    }

    public async ValueTask<JournalWriter> OpenAsync(TaskId task, long epoch)
    {
        // The log is loaded here, so that the commit loop does not have to read a large file.
        _ = _table.Find(task);
        var request = new JournalRequest(RequestKind.Open, task) { Epoch = epoch };
        await _loop.SubmitAsync(request);
        return new(_loop, request.Log!, epoch);
    }

    public async ValueTask<bool> TryAppendAsync(TaskId task, ReadOnlyMemory<StreamEntry> entries)
    {
        // The log is loaded here, so that the commit loop does not have to read a large file.
        _ = _table.Find(task);
        var request = new JournalRequest(RequestKind.TryAppend, task) { Entries = entries };
        await _loop.SubmitAsync(request);
        return !request.HasConflict;
    }

    public ReadOnlyMemory<StreamEntry> Read(TaskId task, long offset, int limit)
    {
        var page = _reader.Read(task, offset, limit);
        if (_table.IsLarge)
            _loop.RequestTrim();
        return page;
    }

    /// <summary>Deletes the task's log, or its folder. The deletion is in the journal when the call returns, so that a crash does not undo it.</summary>
    public async ValueTask DeleteAsync(TaskId task, bool wholeTask)
    {
        var request = new JournalRequest(wholeTask ? RequestKind.DeleteTask : RequestKind.DeleteLog, task);
        await _loop.SubmitAsync(request);
        _deletions.Finish(task, wholeTask, request.Log);
    }

    /// <summary>Whether the journal still contains the deletion of the task. Its id cannot be used again before the compactor has removed that segment.</summary>
    public bool IsDeleted(TaskId task) => _deletions.IsDeleted(task);

    /// <summary>Moves the records of all full segments to the tasks' own files.</summary>
    public Task CompactAsync() => _compactor.RunAsync();

    public async ValueTask DisposeAsync()
    {
        await _loop.StopAsync();
        await _compactor.StopAsync();
        _segments.Close();
        _handles.Dispose();
    }
}
