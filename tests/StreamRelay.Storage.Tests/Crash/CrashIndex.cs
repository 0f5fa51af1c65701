using StreamRelay.Storage.Journal;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Crash;

/// <summary>An index in memory that outlives a crash: each change is an operation of the disk, which happens or fails as a whole.</summary>
internal sealed class CrashIndex(CrashDisk disk) : ISegmentIndex
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, SealedSegmentInfo> _segments = [];
    private List<SealedRun> _runs = [];

    public IReadOnlyList<SealedSegmentInfo> List()
    {
        lock (_gate)
            return [.. _segments.Values.OrderBy(segment => segment.Sequence).Select(segment => segment with { LiveBytes = _runs.Where(run => run.Segment == segment.Sequence).Sum(run => run.Length) })];
    }

    public IReadOnlyList<SealedRun> Find(TaskId task)
    {
        lock (_gate)
            return [.. _runs.Where(run => run.Task == task).OrderBy(run => run.FirstOffset).ThenBy(run => run.NextOffset)];
    }

    public IReadOnlyList<SealedRun> FindIn(long segment)
    {
        lock (_gate)
            return [.. _runs.Where(run => run.Segment == segment).OrderBy(run => run.Task).ThenBy(run => run.Position)];
    }

    public Task AddAsync(SealedSegmentInfo segment, IReadOnlyCollection<TaskId> deleted, Func<IEnumerable<SealedRun>> runs) => ChangeAsync(() =>
    {
        _segments[segment.Sequence] = segment;
        _runs = [.. _runs.Where(run => run.Segment != segment.Sequence && !deleted.Contains(run.Task)), .. runs()];
    });

    public Task ReplaceAsync(long segment, SealedSegmentInfo by, IReadOnlyCollection<SealedRun> runs) => ChangeAsync(() =>
    {
        var left = FindIn(segment).Select(run => run.Task).ToHashSet();
        _segments[by.Sequence] = by;
        _runs = [.. _runs.Where(run => run.Segment != segment), .. runs.Where(run => left.Contains(run.Task))];
    });

    public Task DeleteAsync(IReadOnlyCollection<TaskId> tasks) => tasks.Count == 0 ? Task.CompletedTask : ChangeAsync(() => _runs = [.. _runs.Where(run => !tasks.Contains(run.Task))]);

    public Task RemoveAsync(long segment) => ChangeAsync(() =>
    {
        _segments.Remove(segment);
        _runs = [.. _runs.Where(run => run.Segment != segment)];
    });

    private async Task ChangeAsync(Action change)
    {
        // Other threads run between the call and the change, as they do while the database commits.
        await Task.Yield();
        disk.Do(() =>
        {
            lock (_gate)
                change();
            return true;
        });
    }
}
