using StreamRelay.Storage.Disk;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>Writes a sealed segment: copies the records of one task after another, and computes the index.</summary>
internal sealed class SealedSegmentWriter : IDisposable
{
    private const int WriteBytes = 1 << 20;
    private const int RunBytes = 256 << 10;

    private readonly long _sequence;
    private readonly IStorageFile _file;
    private readonly RecordBuffer _buffer = new();
    private readonly List<SealedRun> _runs = [];
    private long _written;

    /// <summary>Creates the file, and replaces one that an earlier attempt has left.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="path">The path of the file.</param>
    /// <param name="sequence">The number of the segment.</param>
    /// <param name="source">The number of the sealed segment that this one replaces; 0 for none.</param>
    public SealedSegmentWriter(IStorageDisk disk, string path, long sequence, long source)
    {
        _sequence = sequence;
        _file = disk.OpenWrite(path);
        _file.SetLength(0);
        new SegmentHeader(sequence, source, 0).Write(_buffer.Reserve(SegmentHeader.Size));
    }

    /// <summary>The index of the records that were copied.</summary>
    public IReadOnlyList<SealedRun> Runs => _runs;

    /// <summary>Whether a record could not be copied because it is damaged. The run after the last whole record of its task says so.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>The length of the file in bytes.</summary>
    private long Length => _written + _buffer.Length;

    /// <summary>Copies records of a task, up to the first one that is damaged.</summary>
    /// <param name="task">The task.</param>
    /// <param name="extents">Consecutive extents.</param>
    /// <returns>The runs of the task in this segment, at least one.</returns>
    public IReadOnlyList<SealedRun> Copy(TaskId task, IReadOnlyList<Extent> extents)
    {
        var first = _runs.Count;
        using var records = new LogRecords(task, extents);
        while (records.MoveNext())
            Append(task, records.Current);

        if (!records.IsComplete)
        {
            IsDamaged = true;
            AddDamage(task, records.NextOffset);
        }

        return _runs[first..];
    }

    /// <summary>Notes that the log of a task is damaged from an offset on.</summary>
    /// <returns>The run that says so.</returns>
    public SealedRun AddDamage(TaskId task, long offset)
    {
        var run = new SealedRun(task, _sequence, Length, 0, offset, offset, TaskLog.NoEpoch);
        _runs.Add(run);
        return run;
    }

    /// <summary>Flushes the file to the disk.</summary>
    /// <returns>The description of the segment.</returns>
    public SealedSegmentInfo Complete()
    {
        Flush();
        _file.Sync();
        return new(_sequence, _written, _runs.Sum(run => (long)run.Length));
    }

    public void Dispose() => _file.Dispose();

    private void Append(TaskId task, ReadOnlySpan<byte> record)
    {
        var body = record[Record.HeaderSize..];
        var run = new SealedRun(task, _sequence, Length, record.Length, Record.Offset(body), Record.NextOffset(body), TaskLog.EpochOf(body));
        if (_runs.Count > 0 && CanExtend(_runs[^1], in run))
            _runs[^1] = _runs[^1] with { Length = _runs[^1].Length + run.Length, NextOffset = run.NextOffset, Epoch = Math.Max(_runs[^1].Epoch, run.Epoch) };
        else
            _runs.Add(run);

        record.CopyTo(_buffer.Reserve(record.Length));
        if (_buffer.Length >= WriteBytes)
            Flush();
    }

    private static bool CanExtend(in SealedRun last, in SealedRun next) =>
        last.Task == next.Task && last.Length > 0 && last.Position + last.Length == next.Position && last.Length + next.Length <= RunBytes;

    private void Flush()
    {
        _file.Write(_buffer.Written, _written);
        _written += _buffer.Length;
        _buffer.Truncate(0);
    }
}
