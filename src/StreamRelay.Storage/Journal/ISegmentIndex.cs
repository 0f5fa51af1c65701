using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>The index of the sealed segments. A change is durable on return, at every level of durability. Safe to use from any thread.</summary>
internal interface ISegmentIndex
{
    /// <summary>Returns all sealed segments.</summary>
    IReadOnlyList<SealedSegmentInfo> List();

    /// <summary>Returns the runs of a task in the order of their offsets.</summary>
    IReadOnlyList<SealedRun> Find(TaskId task);

    /// <summary>Returns the runs in a sealed segment in the order of tasks and positions.</summary>
    IReadOnlyList<SealedRun> FindIn(long segment);

    /// <summary>Adds a sealed segment.</summary>
    /// <param name="segment">The segment. It replaces the one of the same number that was written to.</param>
    /// <param name="deleted">The tasks whose older runs are removed first.</param>
    /// <param name="runs">Returns the runs in the segment; called when the change is made.</param>
    Task AddAsync(SealedSegmentInfo segment, IReadOnlyCollection<TaskId> deleted, Func<IEnumerable<SealedRun>> runs);

    /// <summary>Replaces a sealed segment by another one, which contains those of its runs whose tasks were not deleted in the meantime. The replaced one is dead afterwards.</summary>
    Task ReplaceAsync(long segment, SealedSegmentInfo by, IReadOnlyCollection<SealedRun> runs);

    /// <summary>Removes the runs of tasks.</summary>
    Task DeleteAsync(IReadOnlyCollection<TaskId> tasks);

    /// <summary>Removes a segment and its runs.</summary>
    Task RemoveAsync(long segment);
}
