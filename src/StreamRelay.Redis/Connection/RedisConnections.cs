using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace StreamRelay.Redis.Connection;

/// <summary>The connections of a store: one for commands, one for reads that block the connection until there is a message, one for subscriptions.</summary>
internal sealed class RedisConnections : IAsyncDisposable
{
    private readonly ConfigurationOptions _options;

    public RedisConnections(ConfigurationOptions options, TimeSpan longestBlock, TimeProvider time, ILogger logger)
    {
        _options = options;
        Time = time;
        Logger = logger;
        Commands = new(options, "store", time, logger);
        Work = OpenBlocking("work", longestBlock);
        Signals = OpenSubscriber(options, time, logger);
    }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public RedisConnection Commands { get; }

    /// <summary>The connection on which the work queue waits for tasks.</summary>
    public RedisConnection Work { get; }

    public RedisSubscriber Signals { get; }

    /// <summary>The servers, for messages.</summary>
    public string Servers => RedisConnection.Describe(_options);

    /// <summary>The number of the database that all keys are in.</summary>
    public int Database => _options.DefaultDatabase ?? 0;

    /// <summary>A connection for commands that block it, one at a time.</summary>
    /// <param name="purpose">The use of the connection.</param>
    /// <param name="longestBlock">How much later than usual the reply may come.</param>
    public RedisConnection OpenBlocking(string purpose, TimeSpan longestBlock)
    {
        var options = _options.Clone();
        options.AsyncTimeout += (int)longestBlock.TotalMilliseconds;
        return new(options, purpose, Time, Logger);
    }

    /// <summary>A connection for subscriptions.</summary>
    public static RedisSubscriber OpenSubscriber(ConfigurationOptions options, TimeProvider time, ILogger logger) =>
        new(new(options, "signals", time, logger, hasSubscriptions: true), time, logger);

    /// <summary>Connects all of them.</summary>
    /// <exception cref="RedisUnavailableException">There is no connection; the message says why.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await Commands.ConnectAsync(cancellationToken);
        await Work.ConnectAsync(cancellationToken);
        await Signals.ConnectAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Work.DisposeAsync();
        await Signals.DisposeAsync();
        await Commands.DisposeAsync();
    }
}
