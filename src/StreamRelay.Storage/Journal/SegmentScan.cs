namespace StreamRelay.Storage.Journal;

/// <summary>Adds the records of one segment to the logs, and skips what is no record.</summary>
internal sealed class SegmentScan(Segment segment, RecordScanner scanner, LogTable table)
{
    private readonly List<(long From, long To)> _damages = [];

    /// <summary>The ranges of the file that were acknowledged and cannot be read.</summary>
    public IReadOnlyList<(long From, long To)> Damages => _damages;

    /// <summary>Scans the segment and sets its length.</summary>
    /// <param name="end">The number of acknowledged bytes; <see langword="null"/> when it is unknown, because the last run ended while the segment was written.</param>
    public void Run(long? end)
    {
        var limit = end ?? segment.File.Length;
        segment.Length = SegmentHeader.Size;
        scanner.Start(segment.File, SegmentHeader.Size, limit);
        for (var position = 0L; Read(ref position); scanner.Start(segment.File, position, limit))
        {
            if (end is null && !IsFollowedByGroup(position, limit))
            {
                segment.TornBytes = limit - position;
                return;
            }

            position = Skip(position, limit);
        }
    }

    /// <summary>Adds records up to the first bytes that are none.</summary>
    /// <returns><see langword="false"/> at the end of the segment.</returns>
    private bool Read(ref long position)
    {
        while (scanner.MoveNext())
        {
            Apply();
            segment.Length = scanner.Next;
        }

        position = scanner.Position;
        return !scanner.IsAtEnd;
    }

    /// <summary>Whether a group starts after a position. The groups before it were written completely then.</summary>
    private bool IsFollowedByGroup(long position, long limit)
    {
        scanner.Start(segment.File, position, limit);
        while (scanner.MoveNext() || scanner.SkipDamage())
        {
            if (Record.StartsGroup(scanner.Body))
                return true;
        }

        return false;
    }

    /// <summary>Charges damage to the tasks whose records it contains, as far as they can be told.</summary>
    /// <returns>The position of the next record.</returns>
    private long Skip(long position, long limit)
    {
        scanner.Start(segment.File, position, limit);
        var next = scanner.MoveNext() || scanner.SkipDamage() ? scanner.Position : limit;
        _damages.Add((position, next));
        segment.IsDamaged = true;
        segment.Length = next;
        Span<byte> start = stackalloc byte[Record.HeaderSize + Record.PrefixSize];
        while (next - position >= start.Length && segment.File.Read(start, position) == start.Length && Record.IsPlausible(start))
        {
            // Damaged bytes can name a task that does not exist.
            var task = Record.Task(start[Record.HeaderSize..]);
            if (table.Contains(task))
                AddDamage(table.Recover(task));

            position += Record.Size(start);
        }

        return next;
    }

    private void AddDamage(TaskLog log)
    {
        log.AddDamage();
        segment.Logs.Add(log);
    }

    private void Apply()
    {
        var body = scanner.Body;
        var task = Record.Task(body);
        if (Record.Kind(body) == RecordKind.LogDeleted)
        {
            segment.Deletions.Add(task);
            table.BeginDelete(task);
            table.EndDelete(task);
            return;
        }

        var extent = new Extent(segment, scanner.Position, scanner.Current.Length, Record.Offset(body), Record.NextOffset(body));
        table.Recover(task).Add(in extent, TaskLog.EpochOf(body));
    }
}
