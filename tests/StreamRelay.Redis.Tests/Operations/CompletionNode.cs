using Microsoft.Extensions.Logging.Abstractions;

namespace StreamRelay.Redis.Operations;

/// <summary>A node that receives completion messages, with its own connections and consumer.</summary>
internal sealed class CompletionNode : IAsyncDisposable
{
    private readonly RedisStore _store;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private bool _isKilled;

    private CompletionNode(RedisStore store, OperationOptions options, Func<CompletionMessage, ValueTask<CompletionResult>> handle)
    {
        _store = store;
        Consumer = store.OpenCompletions(options, NullLogger<RedisCompletionConsumer>.Instance);
        _running = RunAsync(handle);
    }

    public RedisCompletionConsumer Consumer { get; }

    public static CompletionNode Start(string connectionString, OperationOptions options, Func<CompletionMessage, ValueTask<CompletionResult>> handle)
    {
        var cluster = new RedisStoreOptions { Prefix = options.Stream! };
        var own = new OperationOptions
        {
            Stream = options.Stream,
            Group = options.Group,
            Consumer = cluster.Node,
            ClaimMinIdle = options.ClaimMinIdle,
            Batch = options.Batch,
            Block = options.Block,
            MaxDeliveries = options.MaxDeliveries,
            DeadLetter = options.DeadLetter,
        };
        return new(RedisStore.Create(connectionString, cluster, RedisStores.Times, TimeProvider.System, NullLoggerFactory.Instance), own, handle);
    }

    /// <summary>Ends the node as a crash does: messages that it is handling are not acknowledged.</summary>
    public async Task KillAsync()
    {
        _isKilled = true;
        await Consumer.DisposeAsync();
        await _store.DisposeAsync();
    }

    /// <summary>Stops the consumer, and waits until it has handled the current message.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isKilled)
        {
            await StopAsync().WaitAsync(RedisStores.Deadline);
            await KillAsync();
        }

        _stop.Dispose();
    }

    private async Task RunAsync(Func<CompletionMessage, ValueTask<CompletionResult>> handle)
    {
        try
        {
            await Consumer.RunAsync(handle, _stop.Token);
        }
        catch (ObjectDisposedException)
        {
            // KillAsync has disposed the connections of the consumer.
        }
    }
}
