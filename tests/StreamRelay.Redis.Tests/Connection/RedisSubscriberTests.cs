using System.Collections.Concurrent;
using System.Text;
using StreamRelay.TestSupport;

namespace StreamRelay.Redis.Connection;

/// <summary>Tests subscriptions, and their restoration after a loss of the connection.</summary>
public sealed class RedisSubscriberTests : IAsyncLifetime
{
    private const string Channel = "channel";

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly ConcurrentQueue<string> _received = new();
    private RedisServer _server = null!;
    private RedisSubscriber _subscriber = null!;

    public async Task InitializeAsync()
    {
        _server = await RedisServer.StartAsync();
        _subscriber = RedisStores.Subscriber(_server);
    }

    public async Task DisposeAsync()
    {
        await _subscriber.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Every_receiver_of_a_channel_receives_messages_until_it_is_disposed()
    {
        await using var one = await SubscribeAsync("one");
        var two = await SubscribeAsync("two");
        await PublishAsync("a", receivers: 1);
        await UntilAsync("one:a", "two:a");

        await two.DisposeAsync();
        await PublishAsync("b", receivers: 1);
        await UntilAsync("one:a", "one:b", "two:a");

        await one.DisposeAsync();
        await Wait.UntilAsync(async () => await _server.CliAsync("PUBLISH", Channel, "c") == "0", RedisStores.Deadline, "no subscription");
    }

    [Fact]
    public async Task An_exception_in_a_receiver_does_not_affect_other_receivers()
    {
        await using var throwing = await _subscriber.SubscribeAsync(Channel, _ => throw new InvalidOperationException("A fault."), static () => { }, None);
        await using var one = await SubscribeAsync("one");

        await PublishAsync("a", receivers: 1);
        await PublishAsync("b", receivers: 1);

        await UntilAsync("one:a", "one:b");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Receivers_are_notified_of_a_new_connection_and_receive_messages_again(bool restart)
    {
        var restored = 0;
        await using var one = await SubscribeAsync("one", () => Interlocked.Increment(ref restored));
        await PublishAsync("before", receivers: 1);
        await UntilAsync("one:before");
        var before = Volatile.Read(ref restored);

        if (restart)
            await _server.RestartAsync();
        else
            await _server.CliAsync("CLIENT", "KILL", "TYPE", "pubsub");

        await Wait.UntilAsync(() => Task.FromResult(Volatile.Read(ref restored) > before), RedisStores.Deadline, "the notification");
        await PublishAsync("after", receivers: 1);
        await UntilAsync("one:after", "one:before");
    }

    [Fact]
    public async Task A_receiver_stays_subscribed_while_others_subscribe_and_unsubscribe_concurrently()
    {
        await using var last = await SubscribeAsync("last");
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ => await (await SubscribeAsync("short")).DisposeAsync()));

        await PublishAsync("a", receivers: 1);

        await Wait.UntilAsync(() => Task.FromResult(_received.Contains("last:a")), RedisStores.Deadline, "the message");
    }

    private ValueTask<IAsyncDisposable> SubscribeAsync(string name, Action? restored = null) => _subscriber.SubscribeAsync(
        Channel, message => _received.Enqueue($"{name}:{Encoding.UTF8.GetString(message.Span)}"), restored ?? (static () => { }), None);

    private async Task PublishAsync(string message, int receivers) => Assert.Equal($"{receivers}", await _server.CliAsync("PUBLISH", Channel, message));

    private Task UntilAsync(params string[] expected) =>
        Wait.UntilAsync(() => Task.FromResult(_received.Order().SequenceEqual(expected)), RedisStores.Deadline, string.Join(' ', expected));
}
