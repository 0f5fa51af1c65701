using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>The log of one task: its own file, followed by its extents in the journal. It contains acknowledged records only.</summary>
internal sealed class TaskLog(TaskId task)
{
    private readonly Lock _gate = new();
    private readonly List<Extent> _extents = [];
    private SealedSegment? _sealed;
    private int _writers;

    public TaskId Task => task;

    /// <summary>Held while the task's own file is written or removed.</summary>
    public Lock FileGate { get; } = new();

    /// <summary>The offset after the last entry.</summary>
    public long NextOffset { get; private set; } = 1;

    /// <summary>The highest epoch that opened the log, or <see cref="SealedSegment.NoEpoch"/>.</summary>
    public long Epoch { get; private set; } = SealedSegment.NoEpoch;

    /// <summary>The value that <see cref="NextOffset"/> gets when the current group is written.</summary>
    public long StagedOffset { get; set; } = 1;

    /// <summary>The value that <see cref="Epoch"/> gets when the current group is written.</summary>
    public long StagedEpoch { get; set; } = SealedSegment.NoEpoch;

    public bool IsDeleted { get; private set; }

    public bool Exists => !IsDeleted && Epoch != SealedSegment.NoEpoch;

    /// <summary>Whether the log must stay in memory, because it has extents in the journal or an open writer.</summary>
    public bool IsPinned
    {
        get
        {
            lock (_gate)
                return _extents.Count > 0 || Volatile.Read(ref _writers) > 0;
        }
    }

    /// <summary>The description of the task's own file.</summary>
    /// <exception cref="InvalidOperationException"><see cref="Load"/> was not called.</exception>
    public SealedSegment Sealed => _sealed ?? throw new InvalidOperationException("The log is not loaded.");

    /// <summary>Loads the description of the task's own file, unless it is loaded.</summary>
    /// <param name="load">Reads the file. Its argument is the first segment whose parts are ignored.</param>
    /// <returns><see langword="false"/> when entries between the file and the journal are missing; the entries in the journal are then dropped.</returns>
    public bool Load(Func<long, SealedSegment> load)
    {
        lock (_gate)
        {
            if (_sealed is not null)
                return true;

            _sealed = load(_extents.Count == 0 ? long.MaxValue : _extents[0].Segment.Sequence);
            var isContiguous = _extents.Count == 0 || _extents[0].FirstOffset == _sealed.NextOffset;
            if (!isContiguous)
                _extents.Clear();

            NextOffset = StagedOffset = _extents.Count == 0 ? _sealed.NextOffset : _extents[^1].NextOffset;
            Epoch = StagedEpoch = Math.Max(Epoch, _sealed.Epoch);
            return isContiguous;
        }
    }

    /// <summary>Adds an extent, whose entries are visible to readers afterwards.</summary>
    /// <returns><see langword="false"/> when the extent does not follow the last extent; it is then not added.</returns>
    public bool Add(in Extent extent, long epoch)
    {
        lock (_gate)
        {
            if (_extents.Count > 0 && extent.FirstOffset != NextOffset)
                return false;

            if (_extents.Count > 0 && _extents[^1].CanMergeWith(in extent))
                _extents[^1] = _extents[^1] with { Length = _extents[^1].Length + extent.Length, NextOffset = extent.NextOffset };
            else
                _extents.Add(extent);

            extent.Segment.Logs.Add(this);
            NextOffset = extent.NextOffset;
            Epoch = Math.Max(Epoch, epoch);
            return true;
        }
    }

    /// <summary>Resets the staged values to the acknowledged ones.</summary>
    public void Unstage() => (StagedOffset, StagedEpoch) = (NextOffset, Epoch);

    /// <summary>Returns the extents with the entries after an offset, up to about the size of a page.</summary>
    /// <returns>An empty list when the task's own file contains the next entry, or when there is no such entry.</returns>
    public List<Extent> ExtentsAfter(long offset)
    {
        var found = new List<Extent>();
        lock (_gate)
        {
            if (offset + 1 < Sealed.NextOffset)
                return found;

            long bytes = 0;
            for (var index = FindExtent(offset + 1); index < _extents.Count && bytes < LogPage.Bytes; index++)
            {
                found.Add(_extents[index]);
                bytes += _extents[index].Length;
            }
        }

        return found;
    }

    /// <summary>Returns the extents in <paramref name="segment"/>, if it is the oldest segment that contains records of the log; otherwise none.</summary>
    public Extent[] ExtentsIn(Segment segment)
    {
        lock (_gate)
            return [.. _extents.TakeWhile(extent => extent.Segment == segment)];
    }

    /// <summary>Replaces the first extents by the file that they were moved to.</summary>
    /// <param name="sealedSegment">The description of the file after the move.</param>
    /// <param name="extents">The number of extents that were moved.</param>
    public void Seal(SealedSegment sealedSegment, int extents)
    {
        lock (_gate)
        {
            if (IsDeleted)
                return;

            _sealed = sealedSegment;
            _extents.RemoveRange(0, extents);
        }
    }

    public void Delete()
    {
        lock (_gate)
        {
            IsDeleted = true;
            _extents.Clear();
        }
    }

    public void Pin() => Interlocked.Increment(ref _writers);

    public void Unpin() => Interlocked.Decrement(ref _writers);

    private int FindExtent(long offset)
    {
        var (low, high) = (0, _extents.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_extents[middle].NextOffset <= offset)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
