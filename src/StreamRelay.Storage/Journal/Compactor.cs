using Microsoft.Extensions.Logging;
using StreamRelay.Storage.Disk;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>Removes the sealed segments whose tasks are all deleted, and rewrites those of which most is deleted.</summary>
internal sealed partial class Compactor(IStorageDisk disk, StorageLayout layout, ISegmentIndex index, LogTable table, HandleCache handles, SegmentNumbers numbers, ILogger<Compactor> logger)
{
    private readonly HashSet<long> _damaged = [];
    private readonly HashSet<TaskId> _moved = [];

    /// <summary>Removes and rewrites the segments that can be removed and rewritten now. After an exception the call can be repeated.</summary>
    public async Task RunAsync()
    {
        ReloadMoved();
        foreach (var segment in index.List())
        {
            if (segment.IsDead)
                await RemoveAsync(segment.Sequence);
            else if (segment.IsMostlyDead && !_damaged.Contains(segment.Sequence))
                await RewriteAsync(segment);
        }
    }

    private async Task RewriteAsync(SealedSegmentInfo segment)
    {
        var runs = index.FindIn(segment.Sequence);
        var sequence = numbers.Next();
        var path = layout.SealedSegment(sequence);
        using var writer = new SealedSegmentWriter(disk, path, sequence, source: segment.Sequence);
        Copy(runs, new SealedSegment(segment.Sequence, layout, handles), writer);
        if (writer.IsDamaged)
        {
            disk.Delete(path);
            _damaged.Add(segment.Sequence);
            SegmentDamaged(layout.SealedSegment(segment.Sequence));
            return;
        }

        var info = writer.Complete();
        disk.SyncFolder(layout.Journal);
        _moved.UnionWith(runs.Select(run => run.Task));
        await index.ReplaceAsync(segment.Sequence, info, writer.Runs);
        ReloadMoved();
        await RemoveAsync(segment.Sequence);
    }

    /// <summary>Makes the logs in memory refer to the new segment, before the old one is removed. The change of the index may have been made although it failed.</summary>
    private void ReloadMoved()
    {
        foreach (var task in _moved)
            table.Reload(task);
        _moved.Clear();
    }

    private static void Copy(IReadOnlyList<SealedRun> runs, ISegment source, SealedSegmentWriter writer)
    {
        foreach (var log in runs.GroupBy(run => run.Task))
        {
            var extents = log.Where(run => run.Length > 0).Select(run => new Extent(source, run.Position, run.Length, run.FirstOffset, run.NextOffset)).ToArray();
            if (extents.Length > 0)
                writer.Copy(log.Key, extents);
            if (log.FirstOrDefault(run => run.Length == 0) is { FirstOffset: > 0 } damage)
                writer.AddDamage(log.Key, damage.FirstOffset);
        }
    }

    private async Task RemoveAsync(long sequence)
    {
        handles.Remove(sequence);
        disk.Delete(layout.SealedSegment(sequence));
        disk.SyncFolder(layout.Journal);
        await index.RemoveAsync(sequence);
    }

    [LoggerMessage(1, LogLevel.Error, "{Path} is damaged, so it is kept as it is until all its tasks are deleted")]
    private partial void SegmentDamaged(string path);
}
