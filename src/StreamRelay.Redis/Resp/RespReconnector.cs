using Microsoft.Extensions.Logging;

namespace StreamRelay.Redis.Resp;

/// <summary>Sees to it that there is a connection, and that none is kept that the server does not answer on.</summary>
internal sealed partial class RespReconnector : IAsyncDisposable
{
    private static readonly TimeSpan PingPeriod = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromMilliseconds(10);

    private readonly RedisOptions _options;
    private readonly RespDialer _dialer;
    private readonly RespQueue _queue;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _name;
    private readonly Lock _starting = new();
    private readonly CancellationTokenSource _closing = new();
    private Task? _running;
    private ITimer? _timer;
    private volatile RespLink? _link;
    private volatile Exception? _failure;
    private long _lostAt;
    private long _madeAt;

    public RespReconnector(RedisOptions options, string purpose, RespQueue queue, Action<RespValue>? pushed, TimeProvider time, ILogger logger)
    {
        _options = options;
        _dialer = new(options, purpose, queue, pushed, time);
        _queue = queue;
        _time = time;
        _logger = logger;
        _name = $"Redis at {options.Endpoint} ({purpose})";
    }

    public RespGeneration Generation { get; } = new();

    public bool IsConnected => _link is { IsOver: false };

    /// <summary>How old the connection is.</summary>
    public TimeSpan Age => _time.GetElapsedTime(Volatile.Read(ref _madeAt));

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, typeof(RespConnection));
        if (_running is null)
            Start(await _dialer.ConnectAsync(cancellationToken));
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, typeof(RespConnection));
        await Generation.WhenAsync(0, cancellationToken);
    }

    public void Start()
    {
        if (_running is null)
            Start(null);
    }

    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
            return;

        await _closing.CancelAsync();
        Task running;
        lock (_starting)
            running = _running ??= Task.CompletedTask;

        await running;
        if (_timer is not null)
            await _timer.DisposeAsync();
        _closing.Dispose();
    }

    private void Start(RespLink? link)
    {
        lock (_starting)
        {
            if (_running is not null)
            {
                link?.Discard();
                return;
            }

            _lostAt = _time.GetTimestamp();
            var period = Min(_options.ReplyTimeout, _options.SendTimeout) / 10;
            period = period < ShortestPeriod ? ShortestPeriod : Min(period, LongestPeriod);
            // It serves all who send, and must not run in the log scope and the trace of the first of them.
            using AsyncFlowControl? separately = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
            _running = Task.Run(() => RunAsync(link));
            _timer = _time.CreateTimer(static state => ((RespReconnector)state!).Check(), this, period, period);
        }
    }

    private async Task RunAsync(RespLink? link)
    {
        try
        {
            while (true)
            {
                link ??= await ReconnectAsync();
                await UseAsync(link);
                link = null;
                await Task.Delay(RespBackOff.Delay(0), _time, _closing.Token);
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            _failure = new ObjectDisposedException(nameof(RespConnection));
        }
    }

    private async Task UseAsync(RespLink link)
    {
        using var closing = _closing.Token.UnsafeRegister(
            static state => ((RespLink)state!).Abort(new ObjectDisposedException(nameof(RespConnection))), link);
        _link = link;
        Volatile.Write(ref _madeAt, _time.GetTimestamp());
        Generation.Advance();
        Connected(_name, Generation.Current);
        _failure = await link.RunAsync(_name, Generation.Current);
        Volatile.Write(ref _lostAt, _time.GetTimestamp());
        _link = null;
        if (!_closing.IsCancellationRequested)
            Lost(_name, _failure.Message);
    }

    private async Task<RespLink> ReconnectAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await _dialer.ConnectAsync(_closing.Token);
            }
            catch (IOException exception)
            {
                if (exception.Message != _failure?.Message)
                    Unreachable(_name, exception.Message);
                _failure = exception;
            }

            await Task.Delay(RespBackOff.Delay(attempt), _time, _closing.Token);
        }
    }

    private void Check()
    {
        if (_link is not { } link)
            ExpireQueued();
        else if (link.IsOverdue(_options.ReplyTimeout))
            link.Abort(new TimeoutException($"There was no reply for {_options.ReplyTimeout.TotalSeconds:0.###} s."));
        else if (link.IsIdle(PingPeriod))
            _queue.Add(new RespPing());
    }

    private void ExpireQueued()
    {
        // A connection that was just lost is given the time to come back.
        if (_time.GetElapsedTime(Volatile.Read(ref _lostAt)) < _options.SendTimeout)
            return;

        var until = _time.GetTimestamp() - (long)(_options.SendTimeout.TotalSeconds * _time.TimestampFrequency);
        _queue.Expire(until, () => new RespUnavailableException($"There was no connection to {_name} in time: {_failure?.Message ?? "it was not made yet"}", _failure));
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [LoggerMessage(1, LogLevel.Information, "Connected to {Name}, connection {Generation}")]
    private partial void Connected(string name, long generation);

    [LoggerMessage(2, LogLevel.Warning, "Lost the connection to {Name}: {Reason}")]
    private partial void Lost(string name, string reason);

    [LoggerMessage(3, LogLevel.Warning, "No connection to {Name}, which is tried again until there is one: {Reason}")]
    private partial void Unreachable(string name, string reason);
}
