using Microsoft.Extensions.Logging;

namespace StreamRelay.Redis.Resp;

/// <summary>
/// A connection to Redis that many use at once: what they send goes out in order and together, and each gets the reply to
/// what was sent. When it is lost it is made again, for ever, and what was not sent yet waits for that.
/// </summary>
/// <remarks>
/// A command is held as it was made until it is written, and copied then, at most 128 KiB at a time: a sender that waits for
/// its replies is thereby held back, and one that does not holds what it has sent.
/// </remarks>
internal sealed class RespConnection : IAsyncDisposable
{
    private readonly RespQueue _queue;
    private readonly RespReconnector _reconnector;

    /// <param name="options">Which server, and how patient to be with it.</param>
    /// <param name="purpose">What it is for, in the name that the server knows it by and in the log.</param>
    /// <param name="time">The clock of all timeouts.</param>
    /// <param name="logger">Where losses are reported.</param>
    public RespConnection(RedisOptions options, string purpose, TimeProvider time, ILogger logger)
        : this(options, purpose, time, logger, null)
    {
    }

    /// <param name="options">Which server, and how patient to be with it.</param>
    /// <param name="purpose">What it is for.</param>
    /// <param name="time">The clock of all timeouts.</param>
    /// <param name="logger">Where losses are reported.</param>
    /// <param name="pushed">Gets what the server says without being asked. It must neither block nor throw.</param>
    internal RespConnection(RedisOptions options, string purpose, TimeProvider time, ILogger logger, Action<RespValue>? pushed)
    {
        _queue = new(time);
        _reconnector = new(options, purpose, _queue, pushed, time, logger);
    }

    /// <summary>Whether there is a connection, as far as is known.</summary>
    public bool IsConnected => _reconnector.IsConnected;

    /// <summary>Goes up by one with each new connection; 0 before the first.</summary>
    public long Generation => _reconnector.Generation.Current;

    /// <summary>How long ago the newest connection was made.</summary>
    public TimeSpan Age => _reconnector.Age;

    /// <summary>Makes the first connection now, and fails instead of trying again. Without it the first command connects, and then this only waits for that.</summary>
    /// <exception cref="RespErrorException">The server refused us; with its words.</exception>
    /// <exception cref="RespUnavailableException">There is no server, or none that can be trusted or understood.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken) => _reconnector.ConnectAsync(cancellationToken);

    /// <summary>Completes when <see cref="Generation"/> is higher than that. Waiting for the first connection does not make it.</summary>
    public Task WhenGenerationAsync(long after, CancellationToken cancellationToken) => _reconnector.Generation.WhenAsync(after, cancellationToken);

    /// <summary>Sends a command behind all others and waits for its reply. Cancelling stops the waiting only, once it is sent.</summary>
    /// <exception cref="RespErrorException">The server refused the command.</exception>
    /// <exception cref="RespUnavailableException">Nothing was sent: there was no connection in time.</exception>
    /// <exception cref="RespConnectionLostException">It was sent, and whether it took effect is unknown.</exception>
    public Task<RespValue> SendAsync(RespCommand command, CancellationToken cancellationToken) =>
        SendBlockingAsync(command, TimeSpan.Zero, cancellationToken);

    /// <summary>Sends a command that the server answers only after a while, on a connection that is used for nothing else.</summary>
    /// <param name="command">As for <see cref="SendAsync(RespCommand, CancellationToken)"/>, with the same failures.</param>
    /// <param name="block">How long the server may take beyond the usual; not for ever.</param>
    /// <param name="cancellationToken">Stops the waiting only.</param>
    public Task<RespValue> SendBlockingAsync(RespCommand command, TimeSpan block, CancellationToken cancellationToken) =>
        SendAsync(new RespSingleRequest(command, block), cancellationToken);

    /// <summary>Sends several commands with nothing between them and waits for all replies; a refusal is one of the replies.</summary>
    /// <exception cref="RespUnavailableException">Nothing was sent: there was no connection in time.</exception>
    /// <exception cref="RespConnectionLostException">They were sent, and which of them took effect is unknown.</exception>
    public Task<RespValue[]> SendAsync(ReadOnlyMemory<RespCommand> commands, CancellationToken cancellationToken) =>
        commands.IsEmpty ? Task.FromResult<RespValue[]>([]) : SendAsync(new RespBatchRequest(commands), cancellationToken);

    /// <summary>As <see cref="SendAsync(ReadOnlyMemory{RespCommand}, CancellationToken)"/>, on one connection only: what is to follow on what was read there must not
    /// go to a server that has forgotten it.</summary>
    /// <param name="commands">At least one.</param>
    /// <param name="generation">The <see cref="Generation"/> it is.</param>
    /// <param name="cancellationToken">Stops the waiting only.</param>
    public Task<RespValue[]> SendAsync(ReadOnlyMemory<RespCommand> commands, long generation, CancellationToken cancellationToken) =>
        SendAsync(new RespBatchRequest(commands) { Generation = generation }, cancellationToken);

    /// <summary>Sends a request of any kind.</summary>
    internal Task<TResult> SendAsync<TResult>(RespWaitingRequest<TResult> request, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<TResult>(cancellationToken);

        _reconnector.Start();
        request.CancelWith(cancellationToken);
        _queue.Add(request);
        return request.Result;
    }

    /// <summary>Closes it. What was sent fails as lost, and what was not as not sent.</summary>
    public async ValueTask DisposeAsync()
    {
        await _reconnector.DisposeAsync();
        _queue.Close();
    }
}
