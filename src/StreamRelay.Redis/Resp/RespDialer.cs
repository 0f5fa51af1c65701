namespace StreamRelay.Redis.Resp;

/// <summary>Makes connections that are ready for commands.</summary>
internal sealed class RespDialer(RedisOptions options, string purpose, RespQueue queue, Action<RespValue>? pushed, TimeProvider time)
{
    /// <exception cref="RespErrorException">The server refused; with its words.</exception>
    /// <exception cref="RespUnavailableException">There is no server, or none that can be trusted or understood.</exception>
    public async Task<RespLink> ConnectAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await OpenAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RespUnavailableException($"Redis at {options.Endpoint} did not answer within {options.ConnectTimeout.TotalSeconds:0.###} s.", null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException and not RespErrorException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new RespUnavailableException($"Redis at {options.Endpoint} cannot be reached: {exception.Message}", exception);
        }
    }

    private async Task<RespLink> OpenAsync(CancellationToken cancellationToken)
    {
        var transport = await RespTransport.ConnectAsync(options, cancellationToken);
        try
        {
            var input = new RespInput(transport.Stream);
            await RespHandshake.RunAsync(transport.Stream, input, options, $"{options.ClientName}:{purpose}", cancellationToken);
            return new(transport, input, queue, pushed, time);
        }
        catch
        {
            transport.Dispose();
            throw;
        }
    }
}
