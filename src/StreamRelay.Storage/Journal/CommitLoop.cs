using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StreamRelay.Logs;

namespace StreamRelay.Storage.Journal;

/// <summary>
/// Writes the journal: takes all requests that are ready, writes their records as one group, then makes the records visible
/// and acknowledges the requests together. Requests that arrive during a write form the next group.
/// </summary>
internal sealed partial class CommitLoop(LogTable table, SegmentWriter segments, ILogger<CommitLoop> logger)
{
    private readonly Channel<JournalRequest> _requests = Channel.CreateUnbounded<JournalRequest>(new() { SingleReader = true });
    private readonly CommitGroup _group = new(table);
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
            while (!_group.IsFull && _requests.Reader.TryRead(out var request))
                _group.Add(request);

            Commit();
            if (table.IsLarge)
                table.Trim();
        }
    }

    private void Commit()
    {
        StoreUnavailableException? failure = null;
        try
        {
            if (!_group.Records.IsEmpty)
            {
                _group.MakeVisible(segments.Write(_group.Records));
                _failure = null;
            }
        }
        catch (Exception exception)
        {
            _failure = failure = new($"The journal cannot be written now: {exception.Message}", exception);
            GroupFailed(exception, _group.Count);
            _group.RollBack();
        }

        _group.Complete(failure);
    }

    [LoggerMessage(1, LogLevel.Error, "A group of {Requests} requests could not be written to the journal; every request of the group fails")]
    private partial void GroupFailed(Exception exception, int requests);
}
