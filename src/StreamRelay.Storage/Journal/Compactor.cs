using Microsoft.Extensions.Logging;
using StreamRelay.Storage.Disk;

namespace StreamRelay.Storage.Journal;

/// <summary>Moves full segments, oldest first, to the tasks' own files, and then removes them. A step that fails is done again with the next segment or at the next start.</summary>
internal sealed partial class Compactor(
    IStorageDisk disk, StorageLayout layout, bool sync, LogTable table, Deletions deletions, ILogger<Compactor> logger)
{
    private readonly Queue<Segment> _full = [];
    private Task _pass = Task.CompletedTask;
    private volatile bool _closing;

    /// <summary>Takes over a segment that is no longer written to. A newer one must exist, or its number could be used again.</summary>
    public void Add(Segment segment)
    {
        Hold(segment);
        _ = RunAsync();
    }

    /// <summary>Takes over a segment, to be settled by the next run.</summary>
    public void Hold(Segment segment)
    {
        lock (_full)
            _full.Enqueue(segment);
    }

    /// <summary>Settles all full segments, after those that are being settled.</summary>
    public Task RunAsync()
    {
        lock (_full)
            return _pass = RunAsync(_pass);
    }

    /// <summary>Stops between two tasks.</summary>
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
            while (!_closing && TryPeek(out var segment) && Settle(segment))
                Remove(segment);
        }
        catch (Exception exception)
        {
            SettlingFailed(exception);
        }
    }

    private bool TryPeek(out Segment segment)
    {
        lock (_full)
            return _full.TryPeek(out segment!);
    }

    private bool Settle(Segment segment)
    {
        foreach (var (task, whole) in segment.Deletions)
            deletions.Finish(task, whole, null);

        foreach (var log in segment.Logs)
        {
            if (_closing)
                return false;
            Settle(log, segment);
        }

        if (sync)
            SyncFolders(segment);
        return true;
    }

    private void Settle(TaskLog log, Segment segment)
    {
        lock (log.FileGate)
        {
            var extents = log.IsDeleted ? [] : table.Loaded(log).ExtentsIn(segment);
            if (extents.Length == 0)
                return;

            var folder = layout.Task(log.Task);
            var before = log.Settled;
            disk.CreateFolder(folder);
            using var file = disk.OpenWrite(layout.Events(log.Task));
            var after = new SealedSegmentWriter(file, before).Write(log.Task, segment, extents, sync);
            if (sync && before.Bookmarks.Length == 0)
                disk.SyncFolder(folder);
            log.Settle(after, extents.Length);
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
        // The next segment must not vanish before this one: parts of tasks' files count only once their segment is gone.
        if (sync)
            disk.SyncFolder(layout.Journal);

        deletions.Forget(segment);
        segment.File.Dispose();
        lock (_full)
            _full.Dequeue();
    }

    [LoggerMessage(1, LogLevel.Error, "A full segment of the journal could not be moved to the tasks' files; it stays, and is tried again later")]
    private partial void SettlingFailed(Exception exception);
}
