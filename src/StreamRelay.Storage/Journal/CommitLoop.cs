using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>
/// Writes the journal: takes all requests that are ready, writes their records as one group, then makes the records visible
/// and acknowledges the requests together. Requests that arrive during a write form the next group.
/// </summary>
internal sealed partial class CommitLoop(
    LogTable table, SegmentWriter segments, ILogger<CommitLoop> logger)
{
    private const int GroupBytes = 1 << 20;

    private readonly Channel<JournalRequest> _requests =
        Channel.CreateUnbounded<JournalRequest>(new() { SingleReader = true });

    private readonly RecordBuffer _buffer = new();
    private readonly List<JournalRequest> _group = [];
    private readonly List<StagedRecord> _staged = [];
    private readonly HashSet<TaskId> _deletions = [];
    private Task _running = Task.CompletedTask;
    private volatile Exception? _failure;

    /// <summary>Why every request is refused; <see langword="null"/> when requests are accepted.</summary>
    public StoreUnavailableException? Refusal { get; set; }

    /// <summary>Why the last group could not be written; <see langword="null"/> when it was written.</summary>
    public Exception? Failure => _failure;

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Puts a request into the next group.</summary>
    /// <exception cref="StoreUnavailableException">The data folder is gone.</exception>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public ValueTask SubmitAsync(JournalRequest request)
    {
        if (Refusal is { } refusal)
            throw refusal;

        var done = request.Start();
        ObjectDisposedException.ThrowIf(!_requests.Writer.TryWrite(request), typeof(EmbeddedStore));
        return done;
    }

    /// <summary>Makes the loop trim the table of logs after the current group, if the table is large.</summary>
    public void RequestTrim() => _requests.Writer.TryWrite(new(RequestKind.Trim, default));

    /// <summary>Refuses new requests. The task ends when the accepted requests are written.</summary>
    public Task StopAsync()
    {
        _requests.Writer.TryComplete();
        return _running;
    }

    private async Task RunAsync()
    {
        while (await _requests.Reader.WaitToReadAsync())
        {
            Gather();
            Commit();
            if (table.IsLarge)
                table.Trim();
        }
    }

    private void Gather()
    {
        while (_buffer.Length < GroupBytes && _requests.Reader.TryRead(out var request))
        {
            _group.Add(request);
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

    private void Commit()
    {
        Exception? failure = null;
        try
        {
            if (_buffer.Length > 0)
            {
                MakeVisible(segments.Write(_buffer.Written));
                _failure = null;
            }
        }
        catch (Exception exception)
        {
            _failure = failure = new StoreUnavailableException($"The journal cannot be written now: {exception.Message}", exception);
            GroupFailed(exception, _group.Count);
            RollBack();
        }

        _buffer.Truncate(0);
        _staged.Clear();
        _deletions.Clear();
        foreach (var request in _group)
            request.Complete(failure);
        _group.Clear();
    }

    private void MakeVisible(Segment segment)
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

    private void RollBack()
    {
        foreach (var record in _staged)
            record.Log.Unstage();

        foreach (var request in _group)
        {
            if (request is { Kind: RequestKind.Open, Refusal: null })
                request.Log!.Unpin();
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A group of {Requests} requests could not be written to the journal; every request of the group fails")]
    private partial void GroupFailed(Exception exception, int requests);
}
