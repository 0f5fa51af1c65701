using System.Collections.Concurrent;
using StreamRelay.Logs;
using StreamRelay.Redis.Resp;

namespace StreamRelay.Redis;

/// <summary>The writers of this node, and those that were closed in the last seconds. Whenever Redis comes back, each sees to it that what it
/// wrote is there: also those that have nothing to write just then.</summary>
internal sealed class OpenWriters(RespConnection connection, TimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<RedisLogWriter, bool> _writers = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private Task? _running;

    public void Add(RedisLogWriter writer)
    {
        _writers[writer] = true;
        lock (_lock)
            _running ??= Task.Run(RunAsync);
    }

    /// <summary>Forgets a writer that is closed, when Redis cannot lose what it wrote any more.</summary>
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

    private static async Task RepairAsync(RedisLogWriter writer)
    {
        try
        {
            await writer.RepairAsync();
        }
        catch (Exception exception) when (exception is IOException or StaleEpochException or ObjectDisposedException)
        {
            // Who writes next finds out as well.
        }
    }
}
