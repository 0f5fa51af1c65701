using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>Enumerates the records of one task in consecutive extents. It ends before the first record that is missing, damaged, of another task, or does not follow the one before.</summary>
internal sealed class LogRecords(TaskId task, IReadOnlyList<Extent> extents) : IDisposable
{
    private readonly RecordScanner _scanner = new();
    private int _started;

    /// <summary>The current record with its header. It is valid until the next call of <see cref="MoveNext"/>.</summary>
    public ReadOnlySpan<byte> Current => _scanner.Current;

    /// <summary>The offset after the current record.</summary>
    public long NextOffset { get; private set; } = extents.Count > 0 ? extents[0].FirstOffset : 0;

    /// <summary>Whether the enumeration reached the end of the extents.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether the enumeration ended because the file of an extent is missing.</summary>
    public bool IsFileMissing { get; private set; }

    /// <summary>Moves to the next record.</summary>
    /// <returns><see langword="false"/> at the end of the extents, or when the next record cannot be read.</returns>
    public bool MoveNext()
    {
        while (_started == 0 || !_scanner.MoveNext())
        {
            if (_started > 0 && !_scanner.IsAtEnd || !StartNext())
                return false;
        }

        if (Record.Task(_scanner.Body) != task || Record.Offset(_scanner.Body) != NextOffset)
            return false;

        NextOffset = Record.NextOffset(_scanner.Body);
        return true;
    }

    public void Dispose() => _scanner.Dispose();

    private bool StartNext()
    {
        IsComplete = _started == extents.Count;
        if (IsComplete)
            return false;

        var extent = extents[_started++];
        if (extent.Segment.Open() is not { } file)
        {
            IsFileMissing = true;
            return false;
        }

        _scanner.Start(file, extent.Position, extent.Position + extent.Length);
        return true;
    }
}
