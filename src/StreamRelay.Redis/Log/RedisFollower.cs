using System.Runtime.CompilerServices;
using System.Threading.Channels;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Redis.Connection;
using StreamRelay.Tasks;

namespace StreamRelay.Redis.Log;

/// <summary>Reads a log as it grows. The id of each new element is published; entries whose message is lost are found by a periodic read.</summary>
internal sealed class RedisFollower(StoredLog stored, RedisSubscriber subscriber, string channel, TaskId task, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan CheckPeriod = TimeSpan.FromSeconds(5);

    // Holds one notification at most: the elements stay in the log, so a second one would add nothing.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private IAsyncDisposable? _subscription;
    private Newest? _last;
    private long _offset;

    // The end of the log as far as it was read; lower than what was read before while Redis has lost something.
    private long _reached;
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
            if (page.IsEmpty)
                await WhenNotifiedAsync(cancellationToken);
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
        subscriber.SubscribeAsync(channel, OnPublished, Notify, cancellationToken).AsTask();

    private void OnPublished(ReadOnlyMemory<byte> message)
    {
        // Messages are received on any thread, and an element that was read already needs no read.
        if (!EntryId.TryParse(message.Span, out var id) || Volatile.Read(ref _last) is not { } last || id > last.Batch.Id)
            Notify();
    }

    private void Notify() => _signal.Writer.TryWrite(true);

    private async Task<ReadOnlyMemory<StreamEntry>> ReadOnceAsync(CancellationToken cancellationToken)
    {
        _signal.Reader.TryRead(out _);
        var batches = _last is { } last ? await stored.AfterAsync(last.Batch, cancellationToken) : await stored.FindAsync(_offset, cancellationToken);
        var page = new LogPage(int.MaxValue);
        var offset = _offset;
        foreach (var batch in batches)
        {
            Check(batch);
            batch.ReadInto(page, offset);
            offset = Math.Max(offset, batch.LastOffset);
            Volatile.Write(ref _last, new(batch));
            if (page.IsFull)
                return Advance(page);
        }

        if (batches.Count == 0 && await stored.TopAsync(cancellationToken) is null)
            throw new LogNotFoundException(task);

        return Advance(page);
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
                Volatile.Write(ref _last, null);

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
            await _signal.Reader.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A message may be lost.
        }
    }

    private Task<T> WaitOutAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken) =>
        Outage.WaitOutAsync(() => attempt(cancellationToken), TimeSpan.MaxValue, time, cancellationToken);

    /// <summary>The newest element that was read, as one reference that another thread may read.</summary>
    private sealed record Newest(StoredBatch Batch);
}
