using Microsoft.Extensions.Logging;
using StreamRelay.Storage.Disk;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>Rewrites a full segment once, clustered by task, as a sealed segment, and then removes the full one.</summary>
internal sealed partial class SegmentSealer(IStorageDisk disk, StorageLayout layout, ISegmentIndex index, LogTable table, HandleCache handles, ILogger<SegmentSealer> logger)
{
    /// <summary>Seals a segment. After an exception the call can be repeated, and the segment is still the one that is read.</summary>
    public async Task SealAsync(Segment segment)
    {
        if (segment.IsEmpty && !segment.IsDamaged)
            return;

        using var writer = new SealedSegmentWriter(disk, layout.SealedSegment(segment.Sequence), segment.Sequence, source: 0);
        var moves = segment.Logs.OrderBy(log => log.Task).Select(log => Copy(log, segment, writer)).ToArray();
        var info = writer.Complete();
        disk.SyncFolder(layout.Journal);
        await index.AddAsync(info, segment.Deletions, () => moves.Where(move => !move.Log.IsDeleted).SelectMany(move => move.Runs));

        var sealedSegment = new SealedSegment(segment.Sequence, layout, handles);
        foreach (var move in moves)
            move.Log.Seal([.. move.Runs.Where(run => run.Length > 0).Select(run => new Extent(sealedSegment, run.Position, run.Length, run.FirstOffset, run.NextOffset))], move.Replaced);
    }

    /// <summary>Removes a segment that was sealed. One with damage is kept under another name.</summary>
    public void Remove(Segment segment)
    {
        if (segment.IsDamaged)
            disk.Rename(segment.Path, layout.DamagedSegment(segment.Sequence));
        else
            disk.Delete(segment.Path);

        // A power failure must not undo this removal and keep a later one: the segment would be sealed again, without the deletions after it.
        disk.SyncFolder(layout.Journal);
        segment.File.Dispose();
    }

    private Move Copy(TaskLog log, Segment segment, SealedSegmentWriter writer)
    {
        var extents = log.IsDeleted ? [] : table.EnsureLoaded(log).ExtentsIn(segment);
        List<SealedRun> runs = extents.Length == 0 ? [] : [.. writer.Copy(log.Task, extents)];
        if (runs is [.., { Length: 0 } damage])
        {
            segment.IsDamaged = true;
            RecordDamaged(segment.Path, log.Task, damage.FirstOffset - 1);
        }
        else if (log.IsDamaged)
        {
            runs.Add(writer.AddDamage(log.Task, log.NextOffset));
        }

        return new(log, runs, extents.Length);
    }

    private sealed record Move(TaskLog Log, IReadOnlyList<SealedRun> Runs, int Replaced);

    [LoggerMessage(1, LogLevel.Error, "{Path} was damaged after it was written: the log of task {Task} ends after entry {Offset}")]
    private partial void RecordDamaged(string path, TaskId task, long offset);
}
