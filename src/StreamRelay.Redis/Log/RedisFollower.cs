using System.Runtime.CompilerServices;
using System.Threading.Channels;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Redis.Resp;
using StreamRelay.Tasks;

namespace StreamRelay.Redis;

/// <summary>Reads a log as it grows. Each addition is announced; what an announcement does not tell, or one that is lost, is found by reading.</summary>
internal sealed class RedisFollower(RespConnection connection, RespSubscriber subscriber, string key, TaskId task, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan CheckPeriod = TimeSpan.FromSeconds(5);

    // A doorbell, not a queue: what is new is read, not announced.
    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly StoredLog _stored = new(connection, key, task);
    private IAsyncDisposable? _subscription;
    private StoredBatch? _last;
    private long _offset;
    // The end of the log as far as it was looked at; below what was read while Redis has lost something.
    private long _reached;
    private bool _ended;

    /// <summary>The entries after an offset, up to the terminal one.</summary>
    /// <exception cref="LogNotFoundException">The log is gone, or has lost what was read.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<StreamEntry>> ReadAsync(long offset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _offset = offset;
        _subscription = await WaitOutAsync(SubscribeAsync, cancellationToken);
        while (!_ended)
        {
            var page = await WaitOutAsync(ReadOnceAsync, cancellationToken);
            if (page.IsEmpty)
                await WhenRungAsync(cancellationToken);
            else
                yield return page;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_subscription is not null)
            await _subscription.DisposeAsync();
    }

    private Task<IAsyncDisposable> SubscribeAsync(CancellationToken cancellationToken) =>
        subscriber.SubscribeAsync(key, Hear, Ring, cancellationToken).AsTask();

    private void Hear(ReadOnlyMemory<byte> announcement)
    {
        if (!EntryId.TryParse(announcement.Span, out var id) || _last is not { } last || id > last.Id)
            Ring();
    }

    private void Ring() => _bell.Writer.TryWrite(true);

    private async Task<ReadOnlyMemory<StreamEntry>> ReadOnceAsync(CancellationToken cancellationToken)
    {
        _bell.Reader.TryRead(out _);
        var batches = _last is { } last ? await _stored.AfterAsync(last, cancellationToken) : await _stored.FindAsync(_offset, cancellationToken);
        var page = new LogPage(int.MaxValue);
        var offset = _offset;
        foreach (var batch in batches)
        {
            Check(batch);
            batch.ReadInto(page, offset);
            offset = Math.Max(offset, batch.LastOffset);
            _last = batch;
            if (page.IsFull)
                return Advance(page);
        }

        if (batches.Count == 0 && await _stored.TopAsync(cancellationToken) is not { } top)
            throw new LogNotFoundException(task);

        return Advance(page);
    }

    /// <summary>Sees that the log goes on as it was read before. What Redis lost of it is written again by who wrote it; another one goes on from what is left.</summary>
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
            // A batch may have been read in part.
            _last = page.IsFull ? null : _last;
            _offset = entries.Span[^1].Offset;
            _ended = entries.Span[^1].Event.Kind.IsTerminal();
        }

        return entries;
    }

    private async Task WhenRungAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(CheckPeriod, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _bell.Reader.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time to look whether an announcement was lost.
        }
    }

    private Task<T> WaitOutAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken) =>
        Outage.WaitOutAsync(() => attempt(cancellationToken), TimeSpan.MaxValue, time, cancellationToken);
}
