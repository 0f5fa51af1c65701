using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>
/// Writes the journal: takes all requests that are ready, writes their records as one group, then makes them visible and
/// acknowledges them together. While a group is being written the next one gathers.
/// </summary>
internal sealed partial class CommitLoop(
    LogTable table, SegmentWriter segments, Deletions deletions, ILogger<CommitLoop> logger)
{
    private const int GroupBytes = 1 << 20;

    private readonly Channel<JournalRequest> _requests =
        Channel.CreateUnbounded<JournalRequest>(new() { SingleReader = true });

    private readonly RecordBuffer _buffer = new();
    private readonly List<JournalRequest> _group = [];
    private readonly List<StagedRecord> _staged = [];
    private readonly Dictionary<TaskId, bool> _deletions = [];
    private Task _running = Task.CompletedTask;

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Puts a request into the next group.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public ValueTask SubmitAsync(JournalRequest request)
    {
        var done = request.Start();
        ObjectDisposedException.ThrowIf(!_requests.Writer.TryWrite(request), typeof(EmbeddedStore));
        return done;
    }

    /// <summary>Makes it look whether there is room to be made in memory.</summary>
    public void Nudge() => _requests.Writer.TryWrite(new(RequestKind.Trim, default));

    /// <summary>Takes no more requests, and writes those it has.</summary>
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
                _buffer.Cut(bytes);
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
            case RequestKind.DeleteLog or RequestKind.DeleteTask:
                StageDelete(request);
                break;
        }
    }

    private void StageOpen(JournalRequest request)
    {
        if (_deletions.ContainsKey(request.Task))
            throw new IOException($"The log of task {request.Task} is being deleted: open it again when that is done.");

        var log = request.Log = table.FindOrAdd(request.Task);
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

        request.WasLate = request.Entries.Span[0].Offset != log.StagedOffset;
        if (!request.WasLate)
            StageAppend(request, log, log.StagedEpoch);
    }

    private void StageAppend(JournalRequest request, TaskLog log, long epoch)
    {
        if (log.IsDeleted || _deletions.ContainsKey(request.Task))
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
        var whole = request.Kind == RequestKind.DeleteTask;
        request.Log = table.Find(request.Task);
        if (request.Log is null && !whole)
            return;

        _buffer.Add(whole ? RecordKind.TaskDeleted : RecordKind.LogDeleted, request.Task, 0, 0);
        _deletions[request.Task] = whole || _deletions.GetValueOrDefault(request.Task);
    }

    private void Commit()
    {
        Exception? failure = null;
        try
        {
            if (_buffer.Length > 0)
                Show(segments.Write(_buffer.Written));
        }
        catch (Exception exception)
        {
            failure = exception as IOException ?? new IOException($"The journal could not be written: {exception.Message}", exception);
            GroupFailed(exception, _group.Count);
            Undo();
        }

        _buffer.Cut(0);
        _staged.Clear();
        _deletions.Clear();
        foreach (var request in _group)
            request.Complete(failure);
        _group.Clear();
    }

    private void Show(Segment segment)
    {
        foreach (var record in _staged)
            record.Log.Add(new(segment, segment.Length + record.Start, record.Length, record.FirstOffset, record.NextOffset), record.Epoch);

        foreach (var (task, whole) in _deletions)
        {
            segment.Deletions[task] = whole || segment.Deletions.GetValueOrDefault(task);
            deletions.Begin(task, whole);
        }

        segment.Length += _buffer.Length;
    }

    private void Undo()
    {
        foreach (var record in _staged)
            record.Log.Unstage();

        foreach (var request in _group)
        {
            if (request is { Kind: RequestKind.Open, Refusal: null })
                request.Log!.Unpin();
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A group of {Requests} requests could not be written to the journal; none of it counts")]
    private partial void GroupFailed(Exception exception, int requests);
}
