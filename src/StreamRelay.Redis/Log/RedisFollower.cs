using System.Runtime.CompilerServices;
using System.Threading.Channels;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Redis.Connection;
using StreamRelay.Tasks;

namespace StreamRelay.Redis.Log;

/// <summary>Reads a log as it grows. New elements are published, small ones with their bytes; what is not published, or whose message is lost, is read from the log.</summary>
internal sealed class RedisFollower(StoredLog stored, RedisSubscriber subscriber, TaskId task, LossRecovery recovery, TimeProvider time) : IAsyncDisposable
{
    /// <summary>The most messages that wait; the elements of further ones are read from the log.</summary>
    private const int MaxMessages = 256;

    private static readonly TimeSpan CheckPeriod = TimeSpan.FromSeconds(5);

    private readonly Channel<PublishedElement> _messages = Channel.CreateBounded<PublishedElement>(MaxMessages);
    private IAsyncDisposable? _subscription;

    // The recovery since which the last batch is known to be in the log.
    private long _confirmed = recovery.Generation;
    private StoredBatch? _last;
    private long _offset;

    // The end of the log as far as it was read; lower than what was read before while Redis has lost something.
    private long _reached;

    // Whether the log may contain elements that no waiting message contains.
    private volatile bool _isBehind = true;
    private bool _ended;

    /// <summary>The entries after an offset, up to the terminal one.</summary>
    /// <exception cref="LogNotFoundException">The log is gone, or has lost entries that were read.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<StreamEntry>> ReadAsync(long offset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _offset = offset;
        _subscription = await WaitOutAsync(SubscribeAsync, cancellationToken);
        while (!_ended)
        {
            var page = await WaitOutAsync(ReadOnceAsync, cancellationToken);
            if (!page.IsEmpty)
                yield return page;
            else if (!_isBehind)
                await WhenNotifiedAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_subscription is not null)
            await _subscription.DisposeAsync();
    }

    private Task<IAsyncDisposable> SubscribeAsync(CancellationToken cancellationToken) =>
        subscriber.SubscribeAsync(stored.Key, message => Notify(PublishedElement.Read(message)), () => Notify(default), cancellationToken).AsTask();

    private void Notify(PublishedElement element)
    {
        if (!_messages.Writer.TryWrite(element))
            _isBehind = true;
    }

    private async Task<ReadOnlyMemory<StreamEntry>> ReadOnceAsync(CancellationToken cancellationToken)
    {
        await ConfirmAsync(cancellationToken);
        IReadOnlyList<StoredBatch> batches = TakePublished();
        if (batches.Count == 0 && _isBehind)
            batches = await ReadStoredAsync(cancellationToken);

        var page = new LogPage(int.MaxValue);
        var offset = _offset;
        foreach (var batch in batches)
        {
            Check(batch);
            batch.ReadInto(page, offset);
            offset = Math.Max(offset, batch.LastOffset);
            _last = batch;
            if (page.IsFull)
                break;
        }

        return Advance(page);
    }

    /// <summary>Waits until what was read is in the log again, when Redis may have lost it.</summary>
    /// <exception cref="LogTruncatedException">It is lost.</exception>
    private async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        while (recovery.Generation is var generation && generation != _confirmed)
        {
            if (_last is null || await stored.ContainsAsync(_last.Value, cancellationToken))
                _confirmed = generation;
            else if (recovery.IsOngoing)
                await recovery.PauseAsync(cancellationToken);
            else
                throw new LogTruncatedException(task);
        }
    }

    /// <summary>The published batches that continue what was read. Messages may be received in another order than they were sent in; the log has the right one.</summary>
    private List<StoredBatch> TakePublished()
    {
        List<StoredBatch> next = [];
        var (last, reached) = (_last?.Id, _reached);
        while (!_isBehind && _messages.Reader.TryRead(out var element))
        {
            if (element.Id is { } id && last is not null && !(id > last))
                continue;

            if (element.Batch is not { } batch || batch.Id.Epoch != last?.Epoch || batch.Id.Offset != reached + 1)
            {
                _isBehind = true;
                break;
            }

            next.Add(batch);
            (last, reached) = (batch.Id, batch.LastOffset);
        }

        return next;
    }

    private async Task<IReadOnlyList<StoredBatch>> ReadStoredAsync(CancellationToken cancellationToken)
    {
        // What is published during the read stays behind it, or was read.
        while (_messages.Reader.TryRead(out _))
        {
        }

        _isBehind = false;
        try
        {
            var found = await recovery.FindAsync(() => FindNextAsync(cancellationToken), cancellationToken);
            _isBehind |= !found.IsEnd;
            return found.Batches;
        }
        catch
        {
            _isBehind = true;
            throw;
        }
    }

    private async Task<LogRange> FindNextAsync(CancellationToken cancellationToken)
    {
        if (_last is not { } last)
        {
            var range = await stored.FindAsync(_offset, cancellationToken);
            return !range.IsEnd || range.Batches.Max(batch => batch.LastOffset) >= _offset ? range : throw new LogTruncatedException(task);
        }

        var found = await stored.AfterAsync(last, cancellationToken);
        return found.Batches.Count > 0 || await stored.TopAsync(cancellationToken) is not null ? found : throw new LogNotFoundException(task);
    }

    /// <summary>Checks that the log continues what was read before. Entries that Redis lost are written again by their writer; another writer continues after what is left.</summary>
    private void Check(StoredBatch batch)
    {
        var isOther = batch.Id.IsMarker
            ? _last is not null && _reached < _offset
            : (_last is not null && batch.Id.Offset != _reached + 1) || (batch.LastOffset < _offset && batch.EndsLog());
        if (isOther)
            throw new LogNotFoundException(task);
        if (!batch.Id.IsMarker)
            _reached = batch.LastOffset;
    }

    private ReadOnlyMemory<StreamEntry> Advance(LogPage page)
    {
        var entries = page.ToMemory();
        if (!entries.IsEmpty)
        {
            // A batch may have been read in part: then it is found again by its offset.
            if (page.IsFull)
                (_last, _isBehind) = (null, true);

            _offset = entries.Span[^1].Offset;
            _ended = entries.Span[^1].Event.Kind.IsTerminal();
        }

        return entries;
    }

    private async Task WhenNotifiedAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(CheckPeriod, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _messages.Reader.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A message may be lost.
            _isBehind = true;
        }
    }

    private Task<T> WaitOutAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken) =>
        Outage.WaitOutAsync(() => attempt(cancellationToken), TimeSpan.MaxValue, time, cancellationToken);
}
