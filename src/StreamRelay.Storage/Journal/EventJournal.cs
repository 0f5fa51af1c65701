using Microsoft.Extensions.Logging;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Storage.Disk;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>The journal of all tasks. Records are appended to one segment for all tasks, and each full segment is rewritten once, clustered by task.</summary>
internal sealed class EventJournal : IAsyncDisposable
{
    private const int OpenFiles = 256;

    private readonly LogTable _table;
    private readonly HandleCache _handles;
    private readonly LogReader _reader;
    private readonly ISegmentIndex _index;
    private readonly SegmentNumbers _numbers;
    private readonly SegmentMaintenance _maintenance;
    private readonly SegmentWriter _segments;
    private readonly CommitLoop _loop;
    private IReadOnlyList<Segment> _recovered = [];

    private EventJournal(IStorageDisk disk, StorageLayout layout, ISegmentIndex index, StorageOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _handles = new(disk, layout, OpenFiles);
        _table = new(index, layout, _handles);
        _reader = new(_table);
        _index = index;
        _numbers = new(time);
        _maintenance = new(
            new(disk, layout, index, _table, _handles, loggers.CreateLogger<SegmentSealer>()),
            new(disk, layout, index, _table, _handles, _numbers, loggers.CreateLogger<Compactor>()),
            loggers.CreateLogger<SegmentMaintenance>());
        _segments = new(disk, layout, options.Durability == Durability.Disk, options.SegmentBytes, _maintenance, _numbers, loggers.CreateLogger<SegmentWriter>());
        _loop = new(_table, _segments, loggers.CreateLogger<CommitLoop>());
    }

    /// <summary>Why every request is refused; <see langword="null"/> when requests are accepted.</summary>
    public StoreUnavailableException? Refusal
    {
        get => _loop.Refusal;
        set => _loop.Refusal = value;
    }

    /// <summary>Why the last write failed; <see langword="null"/> when it succeeded.</summary>
    public Exception? Failure => _loop.Failure;

    /// <summary>The number of sealed segments that are open.</summary>
    public int OpenHandles => _handles.Count;

    /// <summary>When the oldest segment was created, if recovery skipped bytes that are no record: logs may end before the entry that their records name.</summary>
    public DateTimeOffset? SkippedSince { get; private set; }

    /// <summary>Opens the journal and recovers its records. The first <see cref="MaintainAsync"/> seals the segments of the last run.</summary>
    /// <exception cref="IOException">The journal cannot be read or written, or has a format that this version does not read.</exception>
    public static EventJournal Open(IStorageDisk disk, StorageLayout layout, ISegmentIndex index, StorageOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        disk.CreateFolder(layout.Journal);
        var sync = options.Durability == Durability.Disk;
        if (sync)
            disk.SyncFolder(layout.Root);

        var journal = new EventJournal(disk, layout, index, options, time, loggers);
        var recovery = new JournalRecovery(disk, layout, sync, index, journal._table, journal._numbers, loggers.CreateLogger<JournalRecovery>());
        try
        {
            recovery.Run();
            journal._segments.Open(recovery.Segments is [.., var last] ? last : null);
        }
        catch
        {
            recovery.Dispose();
            throw;
        }

        // The number of a segment is the time of its creation, unless the clock was set back.
        if (recovery.HasSkipped)
            journal.SkippedSince = DateTimeOffset.FromUnixTimeMilliseconds(recovery.Segments[0].Sequence);
        journal._recovered = recovery.Segments;
        foreach (var segment in recovery.Segments)
            journal._maintenance.Add(segment);
        journal._loop.Start();
        return journal;
    }

    public async ValueTask<JournalWriter> OpenAsync(TaskId task, long epoch)
    {
        // The log is loaded here, so that the commit loop does not have to ask the index.
        _ = _table.Find(task);
        var request = new JournalRequest(RequestKind.Open, task) { Epoch = epoch };
        await _loop.SubmitAsync(request);
        return new(_loop, request.Log!, epoch);
    }

    public async ValueTask<bool> TryAppendAsync(TaskId task, ReadOnlyMemory<StreamEntry> entries)
    {
        // The log is loaded here, so that the commit loop does not have to ask the index.
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

    /// <summary>Deletes the task's log, if there is one. The deletion is in the journal when the call returns, so that a crash does not undo it.</summary>
    /// <exception cref="IOException">The log cannot be found any more, but its runs are still in the index: the call can be repeated.</exception>
    public async ValueTask DeleteAsync(TaskId task)
    {
        // The log is loaded here, so that the commit loop does not have to ask the index.
        _ = _table.Find(task);
        await _loop.SubmitAsync(new(RequestKind.Delete, task));
        if (_table.IsDeleting(task))
        {
            await _index.DeleteAsync([task]);
            _table.EndDelete(task);
        }

        _maintenance.Request();
    }

    /// <summary>The offset of the last entry of a task's log; 0 when there is none.</summary>
    public long FindHead(TaskId task) => (_table.Find(task)?.NextOffset ?? 1) - 1;

    /// <summary>Marks a log as damaged after its last entry. Segments whose end recovery ignored are kept, because the entries that are missing can be there.</summary>
    public void AddDamage(TaskId task)
    {
        _table.Find(task)?.AddDamage();
        foreach (var segment in _recovered)
            segment.IsDamaged |= segment.TornBytes > 0;
    }

    /// <summary>Returns the damage of the logs in memory.</summary>
    public IReadOnlyList<LogDamagedException> ListDamage() =>
        [.. _table.ToList().Select(_table.EnsureLoaded).Where(log => log.IsDamaged).Select(log => new LogDamagedException(log.Task, log.NextOffset - 1))];

    /// <summary>Seals all full segments, and compacts the sealed ones.</summary>
    public Task MaintainAsync() => _maintenance.RunAsync();

    public async ValueTask DisposeAsync()
    {
        await _loop.StopAsync();
        await _maintenance.StopAsync();
        _segments.Close();
        _handles.Dispose();
    }
}
