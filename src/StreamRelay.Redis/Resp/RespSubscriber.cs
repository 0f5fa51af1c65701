using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;

namespace StreamRelay.Redis.Resp;

/// <summary>Listens to any number of channels on one connection, and subscribes to all of them again when that was lost.</summary>
internal sealed partial class RespSubscriber : IAsyncDisposable
{
    private const int ChannelsPerCommand = 1_000;
    private const int LongestName = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, RespChannel> _channels = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();
    private readonly ILogger _logger;
    private readonly RespConnection _connection;
    private readonly Task _renewing;

    public RespSubscriber(RedisOptions options, string purpose, TimeProvider time, ILogger logger)
    {
        _logger = logger;
        _connection = new(options, purpose, time, logger, Receive);
        _renewing = RenewAsync();
    }

    public bool IsConnected => _connection.IsConnected;

    /// <inheritdoc cref="RespConnection.ConnectAsync"/>
    public Task ConnectAsync(CancellationToken cancellationToken) => _connection.ConnectAsync(cancellationToken);

    /// <summary>Listens until what is returned is disposed. Once this has returned, Redis has confirmed the subscription.</summary>
    /// <param name="channel">Its name, not a pattern.</param>
    /// <param name="received">Gets each message. It must not block: nothing else is received meanwhile.</param>
    /// <param name="reconnected">Told after a loss of the connection, when messages come again: some may have been missed. It must not block either.</param>
    /// <param name="cancellationToken">Gives up the subscription while it is not confirmed.</param>
    /// <exception cref="RespErrorException">The server refused.</exception>
    /// <exception cref="RespUnavailableException">There was no connection in time.</exception>
    public async ValueTask<IAsyncDisposable> SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> received, Action reconnected, CancellationToken cancellationToken)
    {
        var subscription = new RespSubscription(this, channel, received, reconnected, _logger);
        try
        {
            await Add(subscription).WaitAsync(cancellationToken);
            return subscription;
        }
        catch
        {
            Remove(subscription);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _connection.DisposeAsync();
        await _renewing;
        _closing.Dispose();
    }

    internal void Remove(RespSubscription subscription)
    {
        lock (_lock)
        {
            if (!_channels.TryGetValue(subscription.Channel, out var channel) || !channel.Remove(subscription) || !channel.IsEmpty)
                return;

            _channels.Remove(subscription.Channel);
            if (!_closing.IsCancellationRequested)
                _ = UnsubscribeAsync(subscription.Channel);
        }
    }

    private Task Add(RespSubscription subscription)
    {
        lock (_lock)
        {
            ref var channel = ref CollectionsMarshal.GetValueRefOrAddDefault(_channels, subscription.Channel, out var isKnown);
            channel ??= new();
            channel.Add(subscription);
            return isKnown ? channel.Confirmed : channel.Confirmed = ConfirmAsync(subscription.Channel);
        }
    }

    private async Task ConfirmAsync(string channel)
    {
        while (true)
        {
            try
            {
                await SubscribeAsync(channel);
                return;
            }
            catch (RespConnectionLostException) when (!_closing.IsCancellationRequested)
            {
                // Subscribing twice does no harm.
            }
        }
    }

    private Task SubscribeAsync(string channel)
    {
        // What is said to Redis is queued under the lock, so that the last word about a channel is the right one.
        lock (_lock)
            return _channels.ContainsKey(channel) ? SendAsync("SUBSCRIBE", [channel]) : Task.CompletedTask;
    }

    private async Task UnsubscribeAsync(string channel)
    {
        try
        {
            await SendAsync("UNSUBSCRIBE", [channel]);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // Without a connection there is no subscription either, and the next one does not make it again.
        }
    }

    private Task<bool> SendAsync(string command, string[] channels)
    {
        var words = Array.ConvertAll(channels, static channel => (RespArgument)channel);
        return _connection.SendAsync(new RespSubscriptionRequest(RespCommand.Of(command, words), channels.Length), CancellationToken.None);
    }

    private async Task RenewAsync()
    {
        try
        {
            for (var seen = 0L; ;)
            {
                await _connection.WhenGenerationAsync(seen, _closing.Token);
                seen = _connection.Generation;
                if (seen > 1)
                    await Task.WhenAll(RenewAll());
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
        }
    }

    private Task[] RenewAll()
    {
        lock (_lock)
            return [.. _channels.Keys.Chunk(ChannelsPerCommand).Select(RenewAsync)];
    }

    private async Task RenewAsync(string[] channels)
    {
        try
        {
            await SendAsync("SUBSCRIBE", channels);
        }
        catch (RespErrorException exception)
        {
            // They are told all the same, because they have missed messages all the more.
            NotRenewed(channels.Length, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The next connection renews them.
            return;
        }

        foreach (var channel in channels)
        {
            foreach (var subscription in Find(channel))
                subscription.Reconnect();
        }
    }

    private void Receive(RespValue push)
    {
        if (push.Items is not [{ Kind: RespKind.Bulk } word, { Kind: RespKind.Bulk } name, { Kind: RespKind.Bulk } message]
            || !word.AsBytes().Span.SequenceEqual("message"u8))
        {
            return;
        }

        foreach (var subscription in Find(name.AsBytes().Span))
            subscription.Receive(message.AsBytes());
    }

    private RespSubscription[] Find(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[LongestName];
        return name.Length <= LongestName ? Find(text[..Encoding.UTF8.GetChars(name, text)]) : Find(Encoding.UTF8.GetString(name));
    }

    private RespSubscription[] Find(ReadOnlySpan<char> name)
    {
        lock (_lock)
            return _channels.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var channel) ? channel.Subscriptions : [];
    }

    [LoggerMessage(1, LogLevel.Error, "{Channels} channels could not be subscribed to again: {Reason}")]
    private partial void NotRenewed(int channels, string reason);
}
