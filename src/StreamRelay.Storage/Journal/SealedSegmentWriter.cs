using StreamRelay.Storage.Disk;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>Appends the records that a task has in a segment to the task's own file.</summary>
internal sealed class SealedSegmentWriter(IStorageFile file, SealedSegment before)
{
    private const int WriteBytes = 1 << 20;

    private readonly RecordBuffer _buffer = new();
    private readonly SealedSegmentBuilder _builder = new(before);
    private long _written = before.End;

    /// <summary>Appends a part record and the records of the extents.</summary>
    /// <returns>The description of the file after the append.</returns>
    /// <exception cref="IOException">A record of the segment is damaged, or the file cannot be written.</exception>
    public SealedSegment Write(TaskId task, Segment segment, Extent[] extents, bool sync)
    {
        // Bytes after the end are left from an earlier append that a crash or an error interrupted.
        if (file.Length > before.End)
            file.SetLength(before.End);
        if (before.End == 0)
            SealedSegment.WriteHeader(_buffer.Reserve(SealedSegment.HeaderSize));

        var part = _buffer.Length;
        _buffer.Add(RecordKind.Part, task, segment.Sequence, 0);
        _builder.Add(_buffer.Written[(part + Record.HeaderSize)..], _written + part, _written + _buffer.Length);
        foreach (var extent in extents)
            Copy(extent);

        Flush();
        if (sync)
            file.Sync();
        return _builder.Build();
    }

    private void Copy(Extent extent)
    {
        using var scanner = new RecordScanner(extent.Length);
        scanner.Start(extent.Segment.File, extent.Position, extent.Position + extent.Length);
        while (scanner.MoveNext())
        {
            var position = _written + _buffer.Length;
            scanner.Current.CopyTo(_buffer.Reserve(scanner.Current.Length));
            if (!_builder.Add(scanner.Body, position, _written + _buffer.Length))
                throw Damage(extent);
            if (_buffer.Length >= WriteBytes)
                Flush();
        }

        if (scanner.Position != extent.Position + extent.Length)
            throw Damage(extent);
    }

    private void Flush()
    {
        file.Write(_buffer.Written, _written);
        _written += _buffer.Length;
        _buffer.Truncate(0);
    }

    private static IOException Damage(Extent extent) =>
        new($"'{extent.Segment.Path}' is damaged between {extent.Position} and {extent.Position + extent.Length}.");
}
