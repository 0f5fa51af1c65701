using Microsoft.Extensions.Logging;
using StreamRelay.Events;
using StreamRelay.Storage.Disk;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>One journal for all tasks: what is acknowledged is in its segments first, and in the tasks' own files later.</summary>
internal sealed class EventJournal : IAsyncDisposable
{
    private const int OpenFiles = 256;

    private readonly LogTable _table;
    private readonly HandleCache _handles;
    private readonly LogReader _reader;
    private readonly Deletions _deletions;
    private readonly Compactor _settler;
    private readonly SegmentWriter _segments;
    private readonly CommitLoop _loop;

    private EventJournal(IStorageDisk disk, StorageLayout layout, StorageOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        var sync = options.Durability == Durability.Disk;
        _table = new(disk, layout, loggers.CreateLogger<LogTable>());
        _handles = new(disk, layout, OpenFiles);
        _reader = new(_table, _handles);
        _deletions = new(disk, layout, _table, _handles);
        _settler = new(disk, layout, sync, _table, _deletions, loggers.CreateLogger<Compactor>());
        _segments = new(disk, layout, sync, options.SegmentBytes, _settler, time, loggers.CreateLogger<SegmentWriter>());
        _loop = new(_table, _segments, _deletions, loggers.CreateLogger<CommitLoop>());
    }

    /// <summary>How many of the tasks' own files are open.</summary>
    public int OpenHandles => _handles.Count;

    /// <summary>Opens it; the segments that the last run left are settled by the first <see cref="SettleAsync"/>.</summary>
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
            journal._settler.Hold(segment);
        journal._loop.Start();
        return journal;
    }

    public async ValueTask<JournalWriter> OpenAsync(TaskId task, long epoch)
    {
        // Looked up here, so that the commit loop need not read through a large file.
        _ = _table.Find(task);
        var request = new JournalRequest(RequestKind.Open, task) { Epoch = epoch };
        await _loop.SubmitAsync(request);
        return new(_loop, request.Log!, epoch);
    }

    public async ValueTask<bool> TryAppendAsync(TaskId task, ReadOnlyMemory<StreamEntry> entries)
    {
        // As above.
        _ = _table.Find(task);
        var request = new JournalRequest(RequestKind.TryAppend, task) { Entries = entries };
        await _loop.SubmitAsync(request);
        return !request.WasLate;
    }

    public ReadOnlyMemory<StreamEntry> Read(TaskId task, long offset, int limit)
    {
        var page = _reader.Read(task, offset, limit);
        if (_table.IsLarge)
            _loop.Nudge();
        return page;
    }

    /// <summary>Removes the task's log, or its whole folder. It stays removed once this has returned, whatever happens.</summary>
    public async ValueTask DeleteAsync(TaskId task, bool whole)
    {
        var request = new JournalRequest(whole ? RequestKind.DeleteTask : RequestKind.DeleteLog, task);
        await _loop.SubmitAsync(request);
        _deletions.Finish(task, whole, request.Log);
    }

    /// <summary>Whether the task was deleted so lately that its id cannot be used again.</summary>
    public bool IsGone(TaskId task) => _deletions.IsGone(task);

    /// <summary>Moves all full segments to the tasks' own files now.</summary>
    public Task SettleAsync() => _settler.RunAsync();

    public async ValueTask DisposeAsync()
    {
        await _loop.StopAsync();
        await _settler.StopAsync();
        _segments.Close();
        _handles.Dispose();
    }
}
