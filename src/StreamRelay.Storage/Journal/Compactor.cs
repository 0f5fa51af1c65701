using Microsoft.Extensions.Logging;
using StreamRelay.Storage.Disk;

namespace StreamRelay.Storage.Journal;

/// <summary>Moves the records of full segments to the tasks' own files, oldest segment first, and then removes the segments. A segment that fails is tried again when the next segment is full or the store opens again.</summary>
internal sealed partial class Compactor(
    IStorageDisk disk, StorageLayout layout, bool sync, LogTable table, Deletions deletions, ILogger<Compactor> logger)
{
    private readonly Queue<Segment> _full = [];
    private Task _pass = Task.CompletedTask;
    private volatile bool _closing;

    /// <summary>Adds a segment that is no longer written to, and starts to move it. A newer segment must exist, because the number of the last segment could otherwise be used again after its removal.</summary>
    public void Add(Segment segment)
    {
        Enqueue(segment);
        _ = RunAsync();
    }

    /// <summary>Adds a segment that the next call of <see cref="RunAsync()"/> moves.</summary>
    public void Enqueue(Segment segment)
    {
        lock (_full)
            _full.Enqueue(segment);
    }

    /// <summary>Moves all full segments, after an earlier call has ended.</summary>
    public Task RunAsync()
    {
        lock (_full)
            return _pass = RunAsync(_pass);
    }

    /// <summary>Stops after the task whose records are being moved, and closes the remaining segments.</summary>
    public async Task StopAsync()
    {
        _closing = true;
        await RunAsync();
        foreach (var segment in _full)
            segment.File.Dispose();
    }

    private async Task RunAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (!_closing && TryPeek(out var segment) && Compact(segment))
                Remove(segment);
        }
        catch (Exception exception)
        {
            CompactionFailed(exception);
        }
    }

    private bool TryPeek(out Segment segment)
    {
        lock (_full)
            return _full.TryPeek(out segment!);
    }

    private bool Compact(Segment segment)
    {
        foreach (var (task, wholeTask) in segment.Deletions)
            deletions.Finish(task, wholeTask, null);

        foreach (var log in segment.Logs)
        {
            if (_closing)
                return false;
            Seal(log, segment);
        }

        if (sync)
            SyncFolders(segment);
        return true;
    }

    private void Seal(TaskLog log, Segment segment)
    {
        lock (log.FileGate)
        {
            var extents = log.IsDeleted ? [] : table.EnsureLoaded(log).ExtentsIn(segment);
            if (extents.Length == 0)
                return;

            var folder = layout.Task(log.Task);
            var before = log.Sealed;
            disk.CreateFolder(folder);
            using var file = disk.OpenWrite(layout.Events(log.Task));
            var after = new SealedSegmentWriter(file, before).Write(log.Task, segment, extents, sync);
            if (sync && before.Index.Length == 0)
                disk.SyncFolder(folder);
            log.Seal(after, extents.Length);
        }
    }

    private void SyncFolders(Segment segment)
    {
        foreach (var task in segment.Deletions.Keys)
            disk.SyncFolder(layout.Task(task));
        disk.SyncFolder(layout.Tasks);
    }

    private void Remove(Segment segment)
    {
        disk.Delete(segment.Path);
        // A power failure must not undo this removal while a later one is kept: a part of a task's file is ignored if it came from a segment that still exists.
        if (sync)
            disk.SyncFolder(layout.Journal);

        deletions.Forget(segment);
        segment.File.Dispose();
        lock (_full)
            _full.Dequeue();
    }

    [LoggerMessage(1, LogLevel.Error, "The records of a full journal segment could not be moved to the tasks' files; the segment is kept, and the move is tried again later")]
    private partial void CompactionFailed(Exception exception);
}
