using System.Net;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace StreamRelay.Redis.Connection;

/// <summary>A multiplexer that is opened with the first command, connects again by itself, and is replaced when its server has become a replica.
/// Every failure is one of the two exceptions of <see cref="RedisErrors"/>.</summary>
internal sealed partial class RedisConnection : IAsyncDisposable
{
    private readonly ConfigurationOptions _options;
    private readonly bool _hasSubscriptions;
    private readonly bool _isReplaceable;
    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly ConnectionGeneration _generation = new();
    private Task<ConnectionMultiplexer>? _opening;
    private volatile ConnectionMultiplexer? _multiplexer;
    private EndPoint? _primary;
    private long _madeAt;
    private bool _isClosed;

    /// <param name="options">The servers and settings; <see cref="RedisConnectionString"/> makes them.</param>
    /// <param name="purpose">The use of the connection, in its name on the server and in the log.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Receives losses of the connection.</param>
    /// <param name="hasSubscriptions">Whether the connection is for subscriptions. Its multiplexer is not replaced, because they would be lost.</param>
    public RedisConnection(ConfigurationOptions options, string purpose, TimeProvider time, ILogger logger, bool hasSubscriptions = false)
    {
        _options = options.Clone();
        _options.ClientName = $"{options.ClientName ?? "streamrelay"}:{purpose}";
        if (!hasSubscriptions)
            RedisDefaults.ExcludeSubscriptions(_options);
        // With Sentinel the library finds the new primary by itself.
        _isReplaceable = !hasSubscriptions && options.ServiceName is null;
        _hasSubscriptions = hasSubscriptions;
        _name = $"Redis at {Describe(options)} ({purpose})";
        _time = time;
        _logger = logger;
    }

    /// <summary>Raised on a thread of the pool whenever <see cref="Generation"/> has gone up, except for the first connection.</summary>
    public event Action? Restored;

    /// <summary>Whether there is a connection, as far as is known.</summary>
    public bool IsConnected => _multiplexer is { IsConnected: true };

    /// <summary>Whether there was a connection, and it is being made again, as far as is known.</summary>
    public bool IsLost => _multiplexer is { IsConnected: false };

    /// <summary>Goes up with each new connection, each change of the primary and each loss of data; 0 before the first connection. It may lag behind by a moment.</summary>
    public long Generation => _generation.Current;

    /// <summary>The time since <see cref="Generation"/> went up.</summary>
    public TimeSpan Age => _time.GetElapsedTime(Volatile.Read(ref _madeAt));

    /// <summary>The servers of the connection string, for messages.</summary>
    public static string Describe(ConfigurationOptions options) =>
        string.Join(", ", options.EndPoints.Select(endpoint => endpoint is DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : $"{endpoint}"));

    /// <summary>Connects now instead of with the first command.</summary>
    /// <exception cref="RedisUnavailableException">There is no connection; the message says why.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken) => OpenAsync().WaitAsync(cancellationToken);

    /// <summary>Completes when <see cref="Generation"/> is higher than <paramref name="after"/>. It does not connect.</summary>
    public Task WhenGenerationAsync(long after, CancellationToken cancellationToken) => _generation.WhenAsync(after, cancellationToken);

    /// <summary>Raises <see cref="Generation"/> although the connection lasts: the server has lost its data.</summary>
    public void ReportLoss()
    {
        DataLost(_name);
        BeginGeneration();
    }

    /// <summary>Sends commands. Those that are called one after the other are sent in this order, and nothing waits for a reply in between.</summary>
    /// <param name="send">Calls the commands; it must not block.</param>
    /// <param name="cancellationToken">Ends the waiting for the replies only.</param>
    /// <exception cref="RedisRefusedException">The server refused a command.</exception>
    /// <exception cref="RedisUnavailableException">The outcome is unknown.</exception>
    public async Task<T> SendAsync<T>(Func<IDatabase, Task<T>> send, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var multiplexer = _multiplexer ?? await OpenAsync().WaitAsync(cancellationToken);
        try
        {
            return await send(multiplexer.GetDatabase()).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The library cancels commands that it cannot write any more.
            throw new RedisUnavailableException("The connection to Redis was lost.", exception);
        }
        catch (Exception exception) when (RedisErrors.Translate(exception) is { } translated)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (IsReplica(multiplexer, translated))
                Replace(multiplexer);

            throw translated;
        }
    }

    /// <summary>The subscriptions of the connection.</summary>
    /// <exception cref="RedisUnavailableException">There is no connection.</exception>
    public async Task<ISubscriber> SubscriberAsync(CancellationToken cancellationToken) =>
        (_multiplexer ?? await OpenAsync().WaitAsync(cancellationToken)).GetSubscriber();

    /// <summary>Closes the connection; commands without a reply fail.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<ConnectionMultiplexer>? opening;
        lock (_lock)
        {
            if (_isClosed)
                return;

            _isClosed = true;
            opening = _opening;
        }

        if (opening is not null)
            await CloseAsync(opening);
    }

    private Task<ConnectionMultiplexer> OpenAsync()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_opening is { IsFaulted: false })
                return _opening;

            // The connection serves all callers: it must not run in the log scope and the trace of the first one.
            using AsyncFlowControl? separately = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
            return _opening = Task.Run(ConnectOnceAsync);
        }
    }

    private async Task<ConnectionMultiplexer> ConnectOnceAsync()
    {
        var multiplexer = await RedisConnector.ConnectAsync(_options, _name);
        multiplexer.ConnectionFailed += OnFailed;
        multiplexer.ConnectionRestored += OnRestored;
        multiplexer.ConfigurationChanged += OnConfigurationChanged;
        _primary = RedisConnector.FindPrimary(multiplexer);
        _multiplexer = multiplexer;
        Advance();
        return multiplexer;
    }

    private bool IsReplica(ConnectionMultiplexer multiplexer, IOException failure) => _isReplaceable && failure is RedisUnavailableException
        && (failure.Message.StartsWith(RedisErrors.ReadOnly, StringComparison.Ordinal) || RedisConnector.HasOnlyReplicas(multiplexer));

    /// <summary>Lets the next command connect again: another server may have the address of the primary now.</summary>
    private void Replace(ConnectionMultiplexer multiplexer)
    {
        Task<ConnectionMultiplexer> old;
        lock (_lock)
        {
            if (_isClosed || _multiplexer != multiplexer)
                return;

            old = _opening!;
            _multiplexer = null;
            _opening = null;
        }

        ReplicaLeft(_name);
        _ = CloseAsync(old);
    }

    private async Task CloseAsync(Task<ConnectionMultiplexer> opening)
    {
        try
        {
            var multiplexer = await opening;
            multiplexer.ConnectionFailed -= OnFailed;
            multiplexer.ConnectionRestored -= OnRestored;
            multiplexer.ConfigurationChanged -= OnConfigurationChanged;
            await multiplexer.CloseAsync(allowCommandsToComplete: false);
            await multiplexer.DisposeAsync();
        }
        catch (Exception exception) when (exception is IOException or RedisException or ObjectDisposedException)
        {
            // It was never opened, or has ended already.
        }
    }

    private void OnFailed(object? sender, ConnectionFailedEventArgs failure) =>
        Lost(_name, failure.Exception is { } exception ? RedisErrors.Reason(exception) : $"{failure.FailureType}");

    private void OnRestored(object? sender, ConnectionFailedEventArgs restored)
    {
        if (_hasSubscriptions || restored.ConnectionType == ConnectionType.Interactive)
            Advance();
    }

    private void OnConfigurationChanged(object? sender, EndPointEventArgs changed)
    {
        // Raised for each look at the servers. With Sentinel the new primary may have been connected to before, as a replica.
        if (_multiplexer is { } multiplexer && RedisConnector.FindPrimary(multiplexer) is { } primary && !primary.Equals(Interlocked.Exchange(ref _primary, primary)))
            Advance();
    }

    private void Advance()
    {
        BeginGeneration();
        Connected(_name, Generation);
        if (Generation > 1)
            Restored?.Invoke();
    }

    private void BeginGeneration()
    {
        Volatile.Write(ref _madeAt, _time.GetTimestamp());
        _generation.Advance();
    }

    [LoggerMessage(1, LogLevel.Information, "Connected to {Name}, connection {Generation}")]
    private partial void Connected(string name, long generation);

    [LoggerMessage(2, LogLevel.Warning, "Lost the connection to {Name}; it is made again: {Reason}")]
    private partial void Lost(string name, string reason);

    [LoggerMessage(3, LogLevel.Warning, "{Name} is a read-only replica; the connection is made anew to find the primary")]
    private partial void ReplicaLeft(string name);

    [LoggerMessage(4, LogLevel.Error, "{Name} has lost all data; the nodes write again what they have kept")]
    private partial void DataLost(string name);
}
