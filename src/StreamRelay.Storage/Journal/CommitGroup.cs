using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>The requests whose records are written together, and those records. Only the commit loop uses it.</summary>
internal sealed class CommitGroup(LogTable table)
{
    private const int FullBytes = 1 << 20;

    private readonly RecordBuffer _buffer = new();
    private readonly List<JournalRequest> _requests = [];
    private readonly List<StagedRecord> _staged = [];
    private readonly HashSet<TaskId> _deletions = [];

    /// <summary>The number of requests.</summary>
    public int Count => _requests.Count;

    /// <summary>Whether the group takes no more requests.</summary>
    public bool IsFull => _buffer.Length >= FullBytes;

    /// <summary>The records; empty when no request of the group needs one.</summary>
    public ReadOnlySpan<byte> Records => _buffer.Written;

    /// <summary>Adds a request and its records. A request that cannot be met adds no records, and has the reason afterwards.</summary>
    public void Add(JournalRequest request)
    {
        _requests.Add(request);
        var (bytes, records) = (_buffer.Length, _staged.Count);
        try
        {
            request.Refusal = null;
            Stage(request);
        }
        catch (Exception exception)
        {
            request.Refusal = exception;
            _buffer.Truncate(bytes);
            _staged.RemoveRange(records, _staged.Count - records);
        }
    }

    /// <summary>Makes the records visible, which a segment contains behind its length.</summary>
    public void MakeVisible(Segment segment)
    {
        foreach (var record in _staged)
            record.Log.Add(new(segment, segment.Length + record.Start, record.Length, record.FirstOffset, record.NextOffset), record.Epoch);

        foreach (var task in _deletions)
        {
            segment.Deletions.Add(task);
            table.BeginDelete(task);
        }

        segment.Length += _buffer.Length;
    }

    /// <summary>Takes the records back: they were not written.</summary>
    public void RollBack()
    {
        foreach (var record in _staged)
            record.Log.Unstage();

        foreach (var request in _requests)
        {
            if (request is { Kind: RequestKind.Open, Refusal: null })
                request.Log!.Unpin();
        }
    }

    /// <summary>Answers all requests, and empties the group.</summary>
    /// <param name="failure">Why no record was written; <see langword="null"/> when all were.</param>
    public void Complete(Exception? failure)
    {
        _buffer.Truncate(0);
        _staged.Clear();
        _deletions.Clear();
        foreach (var request in _requests)
            request.Complete(failure);
        _requests.Clear();
    }

    private void Stage(JournalRequest request)
    {
        switch (request.Kind)
        {
            case RequestKind.Open:
                StageOpen(request);
                break;
            case RequestKind.Append:
                StageAppend(request, request.Log!, request.Epoch);
                break;
            case RequestKind.TryAppend:
                StageTryAppend(request);
                break;
            case RequestKind.Delete:
                StageDelete(request);
                break;
        }
    }

    private void StageOpen(JournalRequest request)
    {
        if (_deletions.Contains(request.Task))
            throw new IOException($"The log of task {request.Task} is being deleted: open it again after the deletion.");

        var log = request.Log = table.FindOrAdd(request.Task);
        CheckDamage(log);
        if (request.Epoch < log.StagedEpoch)
            throw new StaleEpochException(request.Task, request.Epoch);

        log.Pin();
        if (request.Epoch == log.StagedEpoch)
            return;

        var start = _buffer.Length;
        _buffer.Add(RecordKind.Epoch, request.Task, log.StagedOffset, request.Epoch);
        log.StagedEpoch = request.Epoch;
        _staged.Add(new(log, start, _buffer.Length - start, log.StagedOffset, log.StagedOffset, request.Epoch));
    }

    private void StageTryAppend(JournalRequest request)
    {
        var log = table.Find(request.Task);
        if (log is not { Exists: true })
            throw new LogNotFoundException(request.Task);

        CheckDamage(log);
        request.HasConflict = request.Entries.Span[0].Offset != log.StagedOffset;
        if (!request.HasConflict)
            StageAppend(request, log, log.StagedEpoch);
    }

    private static void CheckDamage(TaskLog log)
    {
        if (log.IsDamaged)
            throw new LogDamagedException(log.Task, log.NextOffset - 1);
    }

    private void StageAppend(JournalRequest request, TaskLog log, long epoch)
    {
        if (log.IsDeleted || _deletions.Contains(request.Task))
            throw new LogNotFoundException(request.Task);
        if (epoch < log.StagedEpoch)
            throw new StaleEpochException(request.Task, epoch);

        var entries = request.Entries.Span;
        var next = log.StagedOffset;
        EntryFormat.CheckOffsets(entries, next);
        while (!entries.IsEmpty)
        {
            var start = _buffer.Length;
            var count = EntryCodec.Write(_buffer, request.Task, entries);
            _staged.Add(new(log, start, _buffer.Length - start, next, next + count, epoch));
            next += count;
            entries = entries[count..];
        }

        log.StagedOffset = next;
    }

    private void StageDelete(JournalRequest request)
    {
        // A deletion whose last part failed is written again, so that the part that remains is tried again too.
        if (table.Find(request.Task) is null && !table.IsDeleting(request.Task))
            return;

        _buffer.Add(RecordKind.LogDeleted, request.Task, 0, 0);
        _deletions.Add(request.Task);
    }
}
