using StackExchange.Redis;
using StreamRelay.Logs;
using StreamRelay.Redis.Connection;

namespace StreamRelay.Redis;

/// <summary>The time after an outage or a loss in which the nodes append again what Redis has lost. Nothing may take the place of those entries meanwhile.</summary>
internal sealed class LossRecovery(RedisConnections connections, RedisKeys keys)
{
    /// <summary>How much later than others a node may be connected again after an outage.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private readonly RedisConnection _connection = connections.Commands;
    private string? _seen;

    /// <summary>Goes up whenever Redis may have lost something.</summary>
    public long Generation => _connection.Generation;

    /// <summary>Whether lost entries may still be appended again.</summary>
    public bool IsOngoing => _connection.Generation > 1 && _connection.Age < Grace;

    /// <summary>Whether there is a connection, and the last recovery ended this long ago or longer.</summary>
    public bool HasBeenOverFor(TimeSpan duration) => _connection.IsConnected && _connection.Age >= Grace + duration;

    /// <summary>Completes when <see cref="Generation"/> is higher than <paramref name="after"/>.</summary>
    public Task WhenBegunAsync(long after, CancellationToken cancellationToken) => _connection.WhenGenerationAsync(after, cancellationToken);

    /// <summary>Waits until <see cref="IsOngoing"/> is <see langword="false"/>.</summary>
    /// <exception cref="RedisUnavailableException">The connection is lost: the next one begins a recovery.</exception>
    public async Task WhenOverAsync(CancellationToken cancellationToken)
    {
        if (_connection.IsLost)
            throw new RedisUnavailableException("The connection to Redis is lost.");

        while (IsOngoing)
            await PauseAsync(cancellationToken);
    }

    /// <summary>Finds entries of a log. When they are missing, looks whether Redis has lost them, and waits until the nodes have appended again what they can.</summary>
    /// <exception cref="LogNotFoundException">There is no log.</exception>
    /// <exception cref="LogTruncatedException">The log ends before the entries.</exception>
    public async Task<T> FindAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        for (var isDetected = false; ; isDetected = true)
        {
            try
            {
                return await attempt();
            }
            catch (IOException exception) when (exception is LogNotFoundException or LogTruncatedException && (IsOngoing || !isDetected))
            {
                if (!isDetected)
                    await DetectAsync(cancellationToken);
                if (IsOngoing)
                    await PauseAsync(cancellationToken);
            }
        }
    }

    /// <summary>Waits a moment for other nodes.</summary>
    public Task PauseAsync(CancellationToken cancellationToken) => Task.Delay(Pause, connections.Time, cancellationToken);

    /// <summary>Begins a recovery when Redis has lost everything while this node was connected: a value that is lost with everything else shows it.</summary>
    public async Task DetectAsync(CancellationToken cancellationToken)
    {
        string? found = await _connection.SendAsync(
            async database =>
            {
                var adding = database.StringSetAsync(keys.Data, $"{Guid.NewGuid():N}", when: When.NotExists);
                var reading = database.StringGetAsync(keys.Data);
                await adding;
                return await reading;
            },
            cancellationToken);
        if (Interlocked.Exchange(ref _seen, found) is not { } before || before == found)
            return;

        _connection.ReportLoss();
        connections.Signals.NotifyLoss();
    }
}
