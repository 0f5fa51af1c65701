using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>The log of one task: its extents in sealed segments, followed by those in the segments that are not sealed yet. It contains acknowledged records only.</summary>
internal sealed class TaskLog(TaskId task)
{
    /// <summary>The epoch of a log that was never opened for writing.</summary>
    public const long NoEpoch = long.MinValue;

    // Most logs have one extent. The list is also the lock.
    private readonly List<Extent> _extents = new(1);
    private int _sealed;
    private int _writers;
    private bool _isLoaded;

    public TaskId Task => task;

    /// <summary>The offset after the last entry.</summary>
    public long NextOffset { get; private set; } = 1;

    /// <summary>The highest epoch that opened the log, or <see cref="NoEpoch"/>.</summary>
    public long Epoch { get; private set; } = NoEpoch;

    /// <summary>The value that <see cref="NextOffset"/> gets when the current group is written.</summary>
    public long StagedOffset { get; set; } = 1;

    /// <summary>The value that <see cref="Epoch"/> gets when the current group is written.</summary>
    public long StagedEpoch { get; set; } = NoEpoch;

    public bool IsDeleted { get; private set; }

    /// <summary>Whether the entries from <see cref="NextOffset"/> on are damaged. Nothing is appended to such a log.</summary>
    public bool IsDamaged { get; private set; }

    public bool Exists => !IsDeleted && (Epoch != NoEpoch || IsDamaged);

    /// <summary>Whether the log must stay in memory, because the index does not contain all of it, or it has an open writer.</summary>
    public bool IsPinned
    {
        get
        {
            lock (_extents)
                return _extents.Count > _sealed || IsDamaged || Volatile.Read(ref _writers) > 0;
        }
    }

    /// <summary>The epoch that a record of a log contains, or <see cref="NoEpoch"/>.</summary>
    public static long EpochOf(ReadOnlySpan<byte> body) => Record.Kind(body) == RecordKind.Epoch ? Record.Epoch(body) : NoEpoch;

    /// <summary>Adds the extents in sealed segments, unless that was done before. Extents that do not follow them are dropped; the log is damaged then.</summary>
    public void Load(Func<TaskId, SealedExtents> find)
    {
        lock (_extents)
        {
            if (_isLoaded)
                return;

            var found = find(task);
            var (unsealed, wasDamaged) = (_extents.ToArray(), IsDamaged);
            _extents.Clear();
            _extents.AddRange(found.Extents);
            _sealed = _extents.Count;
            NextOffset = found.NextOffset;
            Epoch = Math.Max(Epoch, found.Epoch);
            IsDamaged = found.IsDamaged;
            foreach (var extent in unsealed)
                Append(in extent);

            IsDamaged |= wasDamaged;
            (StagedOffset, StagedEpoch, _isLoaded) = (NextOffset, Epoch, true);
        }
    }

    /// <summary>Adds an extent, whose entries are visible to readers afterwards. An extent that does not follow the last one is dropped; the log is damaged then.</summary>
    public void Add(in Extent extent, long epoch)
    {
        ((Segment)extent.Segment).Logs.Add(this);
        lock (_extents)
        {
            // Before the log is loaded, the first extent is taken as it is.
            if (!_isLoaded && _extents.Count == 0 && !IsDamaged)
                NextOffset = extent.FirstOffset;
            Append(in extent);
            Epoch = Math.Max(Epoch, epoch);
        }
    }

    /// <summary>Marks the log as damaged after the entries that were added so far.</summary>
    public void AddDamage()
    {
        lock (_extents)
            IsDamaged = true;
    }

    /// <summary>Resets the staged values to the acknowledged ones.</summary>
    public void Unstage() => (StagedOffset, StagedEpoch) = (NextOffset, Epoch);

    /// <summary>Returns the extents with the entries after an offset, up to about the size of a page.</summary>
    public List<Extent> ExtentsAfter(long offset)
    {
        var found = new List<Extent>();
        lock (_extents)
        {
            long bytes = 0;
            for (var index = FindExtent(offset + 1); index < _extents.Count && bytes < LogPage.Bytes; index++)
            {
                found.Add(_extents[index]);
                bytes += _extents[index].Length;
            }
        }

        return found;
    }

    /// <summary>Returns the extents in <paramref name="segment"/>, if it is the oldest segment that is not sealed and contains records of the log; otherwise none.</summary>
    public Extent[] ExtentsIn(Segment segment)
    {
        lock (_extents)
            return [.. _extents.Skip(_sealed).TakeWhile(extent => extent.Segment == segment)];
    }

    /// <summary>Replaces the first extents that are not sealed by those in the sealed segment.</summary>
    /// <param name="extents">The extents in the sealed segment.</param>
    /// <param name="replaced">The number of extents that they replace.</param>
    public void Seal(IReadOnlyCollection<Extent> extents, int replaced)
    {
        lock (_extents)
        {
            if (IsDeleted)
                return;

            _extents.RemoveRange(_sealed, replaced);
            _extents.InsertRange(_sealed, extents);
            _sealed += extents.Count;
        }
    }

    /// <summary>Replaces the extents in sealed segments by those that the index names now.</summary>
    public void Reload(Func<TaskId, SealedExtents> find)
    {
        lock (_extents)
        {
            if (IsDeleted || !_isLoaded)
                return;

            var found = find(task).Extents;
            _extents.RemoveRange(0, _sealed);
            _extents.InsertRange(0, found);
            _sealed = found.Count;
        }
    }

    public void Delete()
    {
        lock (_extents)
        {
            IsDeleted = true;
            _extents.Clear();
            _sealed = 0;
        }
    }

    public void Pin() => Interlocked.Increment(ref _writers);

    public void Unpin() => Interlocked.Decrement(ref _writers);

    private void Append(in Extent extent)
    {
        var unsealed = (Segment)extent.Segment;
        IsDamaged |= extent.FirstOffset != NextOffset;
        if (IsDamaged)
        {
            unsealed.IsDamaged = true;
            return;
        }

        if (_extents.Count > _sealed && _extents[^1].CanMergeWith(in extent))
            _extents[^1] = _extents[^1] with { Length = _extents[^1].Length + extent.Length, NextOffset = extent.NextOffset };
        else
            _extents.Add(extent);

        NextOffset = extent.NextOffset;
    }

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
