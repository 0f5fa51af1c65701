using System.Collections.Concurrent;
using StreamRelay.Logs;
using StreamRelay.Redis.Connection;

namespace StreamRelay.Redis.Log;

/// <summary>The writers of this node, and those that were closed in the last seconds. After each new connection every one of them checks that
/// everything it wrote is stored, also one that has nothing to append.</summary>
internal sealed class OpenWriters(RedisConnection connection, LossRecovery recovery, TimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<RedisLogWriter, bool> _writers = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private Task? _running;

    /// <summary>The generation of the connection that the writers append on.</summary>
    public long Generation => connection.Generation;

    public void Add(RedisLogWriter writer)
    {
        _writers[writer] = true;
        lock (_lock)
            _running ??= Task.Run(RunAsync);
    }

    /// <summary>Removes a writer that is closed, once Redis cannot lose what it wrote any more.</summary>
    public async Task RemoveAsync(RedisLogWriter writer)
    {
        try
        {
            await Task.Delay(RecentBatches.Keep, time, _closing.Token);
            if (!connection.IsConnected)
                await connection.WhenGenerationAsync(connection.Generation, _closing.Token);

            await RepairAsync(writer);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The process ends.
        }

        _writers.TryRemove(writer, out _);
    }

    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
            return;

        await _closing.CancelAsync();
        if (_running is not null)
            await _running;

        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            for (var seen = connection.Generation; ;)
            {
                await connection.WhenGenerationAsync(seen, _closing.Token);
                seen = connection.Generation;
                await Task.WhenAll(_writers.Keys.Select(RepairAsync)).WaitAsync(_closing.Token);
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
        }
    }

    private async Task RepairAsync(RedisLogWriter writer)
    {
        while (true)
        {
            try
            {
                await writer.RepairAsync();
                return;
            }
            catch (IOException) when (recovery.IsOngoing)
            {
                // Other nodes may have to append again what was before it.
                await recovery.PauseAsync(CancellationToken.None);
            }
            catch (IOException exception) when (exception is LogNotFoundException or LogTruncatedException)
            {
                writer.ReportLost(exception);
                return;
            }
            catch (Exception exception) when (exception is IOException or StaleEpochException or ObjectDisposedException)
            {
                // The next append fails in the same way.
                return;
            }
        }
    }
}
