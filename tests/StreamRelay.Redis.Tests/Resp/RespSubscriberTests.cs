using System.Text;
using System.Threading.Channels;
using StreamRelay.Testing;

namespace StreamRelay.Redis.Resp;

public sealed class RespSubscriberTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Each_channel_hears_its_own_messages_in_order()
    {
        await using var server = await RedisServer.StartAsync();
        await using var publisher = await server.ConnectAsync();
        await using var subscriber = RespSetup.Subscriber(server.Options());
        var longName = new string('ü', 400);
        var (one, other) = (new Listener(), new Listener());
        await one.ListenAsync(subscriber, "one");
        await other.ListenAsync(subscriber, longName);

        for (var number = 0; number < 1_000; number++)
        {
            _ = publisher.SendAsync("PUBLISH", "one", number);
            _ = publisher.SendAsync("PUBLISH", longName, -number);
        }

        for (var number = 0; number < 1_000; number++)
            Assert.Equal(($"{number}", $"{-number}"), (await one.HearAsync(), await other.HearAsync()));
    }

    [Fact]
    public async Task Listeners_of_one_channel_share_a_subscription_which_the_last_of_them_ends()
    {
        await using var server = await RedisServer.StartAsync();
        await using var subscriber = RespSetup.Subscriber(server.Options());
        var (first, second) = (new Listener(), new Listener());
        var subscriptions = await Task.WhenAll(first.ListenAsync(subscriber, "shared"), second.ListenAsync(subscriber, "shared"));

        Assert.Equal("1", await server.CliAsync("PUBLISH", "shared", "both"));
        Assert.Equal(("both", "both"), (await first.HearAsync(), await second.HearAsync()));
        await subscriptions[0].DisposeAsync();
        await subscriptions[0].DisposeAsync();
        Assert.Equal("1", await server.CliAsync("PUBLISH", "shared", "one"));
        Assert.Equal("one", await second.HearAsync());
        await subscriptions[1].DisposeAsync();

        await server.UntilAsync("shared\n0", "PUBSUB", "NUMSUB", "shared");
        Assert.Equal(0, first.Waiting);
        await using var again = await first.ListenAsync(subscriber, "shared");
        await server.CliAsync("PUBLISH", "shared", "again");
        Assert.Equal("again", await first.HearAsync());
    }

    [Fact]
    public async Task After_a_restart_every_channel_is_subscribed_to_again_and_told_so()
    {
        await using var server = await RedisServer.StartAsync();
        await using var subscriber = RespSetup.Subscriber(server.Options());
        var listeners = Enumerable.Range(0, 2_500).Select(_ => new Listener()).ToArray();
        var subscriptions = await Task.WhenAll(listeners.Select((listener, number) => listener.ListenAsync(subscriber, $"channel-{number}")));
        Assert.DoesNotContain(listeners, listener => listener.Reconnected.IsCompleted);

        server.Kill();
        await subscriptions[7].DisposeAsync();
        await server.RestartAsync();

        foreach (var listener in listeners.Where(listener => listener != listeners[7]))
            await listener.Reconnected.WaitAsync(RespSetup.Deadline);
        Assert.False(listeners[7].Reconnected.IsCompleted);
        await server.UntilAsync("channel-7\n0", "PUBSUB", "NUMSUB", "channel-7");
        Assert.Equal("1", await server.CliAsync("PUBLISH", "channel-2499", "hello"));
        Assert.Equal("hello", await listeners[2_499].HearAsync());
    }

    [Fact]
    public async Task A_subscription_made_without_a_connection_waits_for_it()
    {
        await using var server = await RedisServer.StartAsync();
        await server.StopAsync();
        await using var subscriber = RespSetup.Subscriber(server.Options() with { SendTimeout = RespSetup.Deadline });
        var listener = new Listener();

        var listening = listener.ListenAsync(subscriber, "channel");
        await server.RestartAsync();
        await listening;

        Assert.Equal("1", await server.CliAsync("PUBLISH", "channel", "hello"));
        Assert.Equal("hello", await listener.HearAsync());
    }

    [Fact]
    public async Task A_subscription_that_gets_no_connection_fails_and_leaves_nothing_behind()
    {
        await using var server = await RedisServer.StartAsync();
        await server.StopAsync();
        await using var subscriber = RespSetup.Subscriber(server.Options() with { SendTimeout = RespSetup.Short });

        await Assert.ThrowsAsync<RespUnavailableException>(() => new Listener().ListenAsync(subscriber, "channel"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => subscriber.SubscribeAsync("other", _ => { }, () => { }, new(canceled: true)).AsTask());
        await server.RestartAsync();
        await server.UntilAsync("name=streamrelay:test", "CLIENT", "LIST");
        await new Listener().ListenAsync(subscriber, "last");

        Assert.Equal("last", await server.CliAsync("PUBSUB", "CHANNELS"));
    }

    [Fact]
    public async Task A_channel_that_is_forbidden_is_refused_and_the_others_go_on()
    {
        await using var server = await RedisServer.StartAsync(new() { Users = ["reader on >secret resetchannels &allowed +@all"] });
        await using var subscriber = RespSetup.Subscriber(server.Options() with { User = "reader", Password = "secret" });
        var listener = new Listener();

        var allowed = listener.ListenAsync(subscriber, "allowed");
        var forbidden = new Listener().ListenAsync(subscriber, "forbidden");

        Assert.Equal("NOPERM", (await Assert.ThrowsAsync<RespErrorException>(() => forbidden)).Code);
        await allowed;
        await server.CliAsync("PUBLISH", "allowed", "hello");
        Assert.Equal("hello", await listener.HearAsync());
    }

    [Fact]
    public async Task A_listener_that_fails_does_not_disturb_the_others()
    {
        await using var server = await RedisServer.StartAsync();
        await using var subscriber = RespSetup.Subscriber(server.Options());
        var listener = new Listener();
        await subscriber.SubscribeAsync("channel", _ => throw new InvalidOperationException(), () => throw new InvalidOperationException(), None);
        await listener.ListenAsync(subscriber, "channel");

        await server.CliAsync("PUBLISH", "channel", "before");
        Assert.Equal("before", await listener.HearAsync());
        await server.RestartAsync();
        await listener.Reconnected.WaitAsync(RespSetup.Deadline);
        await server.CliAsync("PUBLISH", "channel", "after");

        Assert.Equal("after", await listener.HearAsync());
    }

    private sealed class Listener
    {
        private readonly Channel<string> _heard = Channel.CreateUnbounded<string>();
        private readonly TaskCompletionSource _reconnected = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reconnected => _reconnected.Task;

        public int Waiting => _heard.Reader.Count;

        public async Task<IAsyncDisposable> ListenAsync(RespSubscriber subscriber, string channel) =>
            await subscriber.SubscribeAsync(channel, message => _heard.Writer.TryWrite(Encoding.UTF8.GetString(message.Span)), () => _reconnected.TrySetResult(), None);

        public async Task<string> HearAsync() => await _heard.Reader.ReadAsync().AsTask().WaitAsync(RespSetup.Deadline);
    }
}
