using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>One task's log: its own file, then its extents in the journal. What is here has been acknowledged.</summary>
internal sealed class TaskLog(TaskId task)
{
    private readonly Lock _gate = new();
    private readonly List<Extent> _extents = [];
    private SealedSegment? _settled;
    private int _writers;

    public TaskId Task => task;

    /// <summary>Held while the task's own file is written or removed.</summary>
    public Lock FileGate { get; } = new();

    /// <summary>The offset after the last entry.</summary>
    public long NextOffset { get; private set; } = 1;

    /// <summary>The highest epoch that opened it, or <see cref="SealedSegment.NoEpoch"/>.</summary>
    public long Epoch { get; private set; } = SealedSegment.NoEpoch;

    /// <summary>What <see cref="NextOffset"/> will be once the group that is being gathered is written.</summary>
    public long StagedOffset { get; set; } = 1;

    /// <summary>What <see cref="Epoch"/> will be once the group that is being gathered is written.</summary>
    public long StagedEpoch { get; set; } = SealedSegment.NoEpoch;

    public bool IsDeleted { get; private set; }

    public bool Exists => !IsDeleted && Epoch != SealedSegment.NoEpoch;

    /// <summary>Whether it must stay in memory.</summary>
    public bool IsPinned
    {
        get
        {
            lock (_gate)
                return _extents.Count > 0 || Volatile.Read(ref _writers) > 0;
        }
    }

    /// <summary>What is in its own file, once <see cref="Load"/> has looked.</summary>
    public SealedSegment Settled => _settled ?? throw new InvalidOperationException("The log is not loaded.");

    /// <summary>Looks into its own file, unless that is known.</summary>
    /// <returns><see langword="false"/> when entries between the file and the journal are missing; what came after them is dropped.</returns>
    public bool Load(Func<long, SealedSegment> load)
    {
        lock (_gate)
        {
            if (_settled is not null)
                return true;

            _settled = load(_extents.Count == 0 ? long.MaxValue : _extents[0].Segment.Sequence);
            var whole = _extents.Count == 0 || _extents[0].FirstOffset == _settled.NextOffset;
            if (!whole)
                _extents.Clear();

            NextOffset = StagedOffset = _extents.Count == 0 ? _settled.NextOffset : _extents[^1].NextOffset;
            Epoch = StagedEpoch = Math.Max(Epoch, _settled.Epoch);
            return whole;
        }
    }

    /// <summary>Makes an extent visible.</summary>
    /// <returns><see langword="false"/> when it does not go on from the last one, and does not count.</returns>
    public bool Add(in Extent extent, long epoch)
    {
        lock (_gate)
        {
            if (_extents.Count > 0 && extent.FirstOffset != NextOffset)
                return false;

            if (_extents.Count > 0 && _extents[^1].Joins(in extent))
                _extents[^1] = _extents[^1] with { Length = _extents[^1].Length + extent.Length, NextOffset = extent.NextOffset };
            else
                _extents.Add(extent);

            extent.Segment.Logs.Add(this);
            NextOffset = extent.NextOffset;
            Epoch = Math.Max(Epoch, epoch);
            return true;
        }
    }

    /// <summary>Undoes what was staged since the last acknowledgement.</summary>
    public void Unstage() => (StagedOffset, StagedEpoch) = (NextOffset, Epoch);

    /// <summary>The extents that hold what comes after an offset, up to about a page; empty when its own file has it, or nobody.</summary>
    public List<Extent> ExtentsAfter(long offset)
    {
        var found = new List<Extent>();
        lock (_gate)
        {
            if (offset + 1 < Settled.NextOffset)
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

    /// <summary>Its extents in the oldest segment it has a part in, when that is <paramref name="segment"/>.</summary>
    public Extent[] ExtentsIn(Segment segment)
    {
        lock (_gate)
            return [.. _extents.TakeWhile(extent => extent.Segment == segment)];
    }

    /// <summary>Its first extents are in its own file now.</summary>
    public void Settle(SealedSegment settled, int extents)
    {
        lock (_gate)
        {
            if (IsDeleted)
                return;

            _settled = settled;
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
