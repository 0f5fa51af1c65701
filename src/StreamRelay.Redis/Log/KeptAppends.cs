using Microsoft.Extensions.Logging;
using StreamRelay.Redis.Connection;

namespace StreamRelay.Redis.Log;

/// <summary>What this node appended in the last seconds to logs with several writers. It is appended again when Redis has lost it, after what other nodes append
/// again before it. Safe to use from any thread.</summary>
internal sealed partial class KeptAppends(RedisConnections connections, LossRecovery recovery) : IAsyncDisposable
{
    /// <summary>The most bytes that are kept; the oldest elements give way.</summary>
    private const int MaxBytes = 64 << 20;

    private readonly TimeProvider _time = connections.Time;
    private readonly ILogger _logger = connections.Logger;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private readonly Queue<KeptAppend> _kept = new();
    private long _bytes;
    private Task? _running;

    /// <summary>The time in which elements are appended again.</summary>
    public LossRecovery Recovery => recovery;

    /// <summary>Keeps an element that Redis has acknowledged.</summary>
    public void Add(StoredLog log, EntryId previous, LogElement element)
    {
        lock (_lock)
        {
            _kept.Enqueue(new(log, previous, element, _time.GetTimestamp()));
            _bytes += element.Bytes.Length;
            while (_bytes > MaxBytes)
                _bytes -= _kept.Dequeue().Element.Bytes.Length;

            _running ??= Task.Run(RunAsync);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
            return;

        await _closing.CancelAsync();
        if (_running is not null)
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        for (var seen = recovery.Generation; ;)
        {
            using var turn = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
            await Task.WhenAny(recovery.WhenBegunAsync(seen, turn.Token), Task.Delay(RecentBatches.Keep, _time, turn.Token));
            await turn.CancelAsync();
            _closing.Token.ThrowIfCancellationRequested();
            if (recovery.Generation == seen)
            {
                RemoveOld();
                continue;
            }

            seen = recovery.Generation;
            await Task.WhenAll(Snapshot().GroupBy(kept => kept.Log.Key).Select(RestoreAsync)).WaitAsync(_closing.Token);
        }
    }

    private KeptAppend[] Snapshot()
    {
        lock (_lock)
            return [.. _kept];
    }

    /// <summary>Removes what Redis cannot lose any more. After an outage all elements were appended anew.</summary>
    private void RemoveOld()
    {
        if (!recovery.HasBeenOverFor(RecentBatches.Keep))
            return;

        lock (_lock)
        {
            while (_kept.TryPeek(out var oldest) && _time.GetElapsedTime(oldest.At) > RecentBatches.Keep)
                _bytes -= _kept.Dequeue().Element.Bytes.Length;
        }
    }

    private async Task RestoreAsync(IEnumerable<KeptAppend> elements)
    {
        var restored = 0;
        try
        {
            foreach (var kept in elements)
            {
                if (await RestoreAsync(kept))
                    restored++;
            }
        }
        catch (IOException exception)
        {
            // The next connection tries again.
            NotRestored(exception.Message);
        }

        if (restored > 0)
            Restored(restored, elements.First().Log.Key);
    }

    /// <returns>Whether the element was lost and is appended again.</returns>
    private async Task<bool> RestoreAsync(KeptAppend kept)
    {
        while (true)
        {
            var (top, next) = await kept.Log.EndAsync(_closing.Token);

            // Another batch may have taken the place of the predecessor.
            var follows = top == kept.Previous && next == kept.Element.Id.Offset;
            if (follows && await kept.Log.TryAppendAsync(new(kept.Previous), kept.Element, CancellationToken.None) is not null)
                return true;
            if (next > kept.Element.Id.Offset || !recovery.IsOngoing)
                return false;

            // Other nodes append again what was before it.
            await recovery.PauseAsync(_closing.Token);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Redis has lost {Count} appends of this node to {Log}; they are appended again")]
    private partial void Restored(int count, string log);

    [LoggerMessage(2, LogLevel.Warning, "Appends that Redis has lost cannot be appended again now: {Reason}")]
    private partial void NotRestored(string reason);
}
