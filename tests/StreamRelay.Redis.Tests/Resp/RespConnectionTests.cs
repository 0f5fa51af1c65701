using System.Globalization;
using StreamRelay.Testing;

namespace StreamRelay.Redis.Resp;

public sealed class RespConnectionTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Each_of_many_senders_gets_the_replies_to_what_it_sent_in_order()
    {
        await using var server = await RedisServer.StartAsync();
        await using var connection = await server.ConnectAsync();

        await Task.WhenAll(Enumerable.Range(0, 64).Select(sender => Task.Run(async () =>
        {
            for (var number = 0; number < 500; number++)
                Assert.Equal($"{sender}:{number}", (await connection.SendAsync("ECHO", $"{sender}:{number}")).AsText());
        })));
    }

    [Fact]
    public async Task What_is_sent_without_waiting_takes_effect_in_order()
    {
        await using var server = await RedisServer.StartAsync();
        await using var connection = await server.ConnectAsync();

        var lengths = await Task.WhenAll(Enumerable.Range(1, 10_000).Select(number => connection.SendAsync("RPUSH", "list", number)));
        var list = await connection.SendAsync("LRANGE", "list", 0, -1);

        Assert.Equal(Enumerable.Range(1, 10_000).Select(number => (long)number), lengths.Select(length => length.AsLong()));
        Assert.Equal(Enumerable.Range(1, 10_000).Select(number => (long)number), list.Items.Select(item => item.AsLong()));
    }

    [Fact]
    public async Task Several_commands_get_all_replies_and_a_refusal_is_one_of_them()
    {
        await using var server = await RedisServer.StartAsync();
        await using var connection = await server.ConnectAsync();

        var replies = await connection.SendAsync(new[] { RespCommand.Of("SET", "a", "text"), RespCommand.Of("INCR", "a"), RespCommand.Of("GET", "a") }, None);

        Assert.Equal(["Simple OK", "Error ERR value is not an integer or out of range", "Bulk text"], replies.Select(RespText.Show));
        Assert.Empty(await connection.SendAsync(ReadOnlyMemory<RespCommand>.Empty, None));
    }

    [Fact]
    public async Task A_refusal_says_which_it_is_and_the_connection_goes_on()
    {
        await using var server = await RedisServer.StartAsync();
        await using var connection = await server.ConnectAsync();
        await connection.SendAsync("SET", "a", "text");

        var refusal = await Assert.ThrowsAsync<RespErrorException>(() => connection.SendAsync("LPUSH", "a", "b"));

        Assert.Equal("WRONGTYPE", refusal.Code);
        Assert.Equal("WRONGTYPE Operation against a key holding the wrong kind of value", refusal.Message);
        Assert.Equal(1, connection.Generation);
    }

    [Theory]
    [InlineData(131_072)]
    [InlineData(20_000_000)]
    public async Task Large_values_arrive_whole_between_small_ones(int length)
    {
        await using var server = await RedisServer.StartAsync();
        await using var connection = await server.ConnectAsync();
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);

        var before = connection.SendAsync("ECHO", "before");
        var large = connection.SendAsync("ECHO", bytes);
        var after = connection.SendAsync("ECHO", "after");

        Assert.Equal("before", (await before).AsText());
        Assert.True((await large).AsBytes().Span.SequenceEqual(bytes));
        Assert.Equal("after", (await after).AsText());
    }

    [Fact]
    public async Task Who_stops_waiting_does_not_disturb_the_others()
    {
        await using var server = await RedisServer.StartAsync();
        await using var connection = await server.ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        server.Pause();

        var first = connection.SendAsync("ECHO", "first");
        var cancelled = connection.SendAsync(RespCommand.Of("ECHO", "cancelled"), cancellation.Token);
        var last = connection.SendAsync("ECHO", "last");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        server.Resume();

        Assert.Equal("first", (await first).AsText());
        Assert.Equal("last", (await last).AsText());
        Assert.Equal("later", (await connection.SendAsync("ECHO", "later")).AsText());
        Assert.Equal(1, connection.Generation);
    }

    [Fact]
    public async Task What_is_cancelled_before_it_is_sent_is_never_sent()
    {
        await using var server = await RedisServer.StartAsync();
        await using var connection = await server.ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        server.Kill();
        await Assert.ThrowsAnyAsync<IOException>(() => connection.SendAsync("PING"));

        var cancelled = connection.SendAsync(RespCommand.Of("SET", "a", 1), cancellation.Token);
        var queued = connection.SendAsync("EXISTS", "a");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await server.RestartAsync();

        Assert.Equal(0, (await queued).AsLong());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connection.SendAsync(RespCommand.Of("SET", "a", 1), new(canceled: true)));
        Assert.Equal(0, (await connection.SendAsync("EXISTS", "a")).AsLong());
    }

    [Fact]
    public async Task When_the_server_dies_what_was_sent_is_lost_and_what_was_not_waits_for_the_next_connection()
    {
        await using var server = await RedisServer.StartAsync();
        await using var connection = await server.ConnectAsync(server.Options() with { SendTimeout = RespSetup.Deadline });
        var sent = connection.SendBlockingAsync(RespCommand.Of("BLPOP", "list", 0), RespSetup.Deadline, None);
        await server.UntilAsync("blocked_clients:1", "INFO", "clients");

        server.Kill();
        var loss = await Assert.ThrowsAsync<RespConnectionLostException>(() => sent.WaitAsync(RespSetup.Deadline));
        Assert.Contains("BLPOP is unknown", loss.Message, StringComparison.Ordinal);
        Assert.False(connection.IsConnected);
        var next = connection.WhenGenerationAsync(1, None);
        var queued = Enumerable.Range(0, 100).Select(number => connection.SendAsync("ECHO", number)).ToArray();
        Assert.False(next.IsCompleted);
        await server.RestartAsync();

        Assert.Equal(Enumerable.Range(0, 100).Select(number => (long)number), (await Task.WhenAll(queued)).Select(reply => reply.AsLong()));
        await next.WaitAsync(RespSetup.Deadline);
        Assert.Equal((true, 2), (connection.IsConnected, connection.Generation));
    }

    [Fact]
    public async Task Without_a_server_nothing_is_sent_and_the_failure_says_why()
    {
        await using var server = await RedisServer.StartAsync();
        var options = server.Options() with { SendTimeout = RespSetup.Short };
        await server.StopAsync();
        await using var connection = RespSetup.Connection(options);

        var failure = await Assert.ThrowsAsync<RespUnavailableException>(() => connection.SendAsync("SET", "a", 1));
        await server.RestartAsync();

        Assert.Contains($"127.0.0.1:{server.Port}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Connection refused", failure.Message, StringComparison.Ordinal);
        await connection.WhenGenerationAsync(0, None).WaitAsync(RespSetup.Deadline);
        Assert.Equal(0, (await connection.SendAsync("EXISTS", "a")).AsLong());
    }

    [Fact]
    public async Task A_silent_server_is_given_up_and_found_again()
    {
        await using var server = await RedisServer.StartAsync();
        var options = server.Options() with { ReplyTimeout = RespSetup.Short, ConnectTimeout = RespSetup.Short, SendTimeout = RespSetup.Deadline };
        await using var connection = await server.ConnectAsync(options);

        server.Pause();
        var loss = await Assert.ThrowsAsync<RespConnectionLostException>(() => connection.SendAsync("ECHO", "lost").WaitAsync(10 * RespSetup.Short));
        var queued = connection.SendAsync("ECHO", "found");
        server.Resume();

        Assert.Contains("no reply for 0.5 s", loss.Message, StringComparison.Ordinal);
        Assert.Equal("found", (await queued).AsText());
        Assert.True(connection.Generation > 1);
    }

    [Fact]
    public async Task A_read_that_blocks_may_take_longer_than_other_replies()
    {
        await using var server = await RedisServer.StartAsync();
        await using var connection = await server.ConnectAsync(server.Options() with { ReplyTimeout = TimeSpan.FromSeconds(1) });
        await connection.SendAsync("XGROUP", "CREATE", "stream", "group", "0", "MKSTREAM");
        var read = RespCommand.Of("XREADGROUP", "GROUP", "group", "me", "BLOCK", 1_500, "STREAMS", "stream", ">");

        var nothing = await connection.SendBlockingAsync(read, TimeSpan.FromMilliseconds(1_500), None);
        var something = connection.SendBlockingAsync(read, TimeSpan.FromMilliseconds(1_500), None);
        await server.CliAsync("XADD", "stream", "1-1", "key", "value");

        Assert.True(nothing.IsNull);
        Assert.Equal("Map [Bulk stream, Array [Array [Bulk 1-1, Array [Bulk key, Bulk value]]]]", RespText.Show(await something));
        Assert.Equal(1, connection.Generation);
    }

    [Fact]
    public async Task What_waits_to_be_sent_is_not_copied_however_much_it_is()
    {
        await using var server = await RedisServer.StartAsync();
        await using var connection = await server.ConnectAsync(server.Options() with { ReplyTimeout = RespSetup.Deadline });
        var commands = Enumerable.Range(0, 64).Select(number => RespCommand.Of("APPEND", "text", new byte[1 << 20])).ToArray();
        server.Pause();

        var before = GC.GetAllocatedBytesForCurrentThread();
        var replies = commands.Select(command => connection.SendAsync(command, None)).ToArray();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.DoesNotContain(replies, reply => reply.IsCompleted);
        server.Resume();

        var lengths = await Task.WhenAll(replies).WaitAsync(RespSetup.Deadline);
        Assert.Equal(Enumerable.Range(1, 64).Select(number => (long)number << 20), lengths.Select(length => length.AsLong()));
    }

    [Fact]
    public async Task The_server_knows_what_the_connection_is_for_and_which_database_it_uses()
    {
        await using var server = await RedisServer.StartAsync();
        await using var connection = await server.ConnectAsync(server.Options() with { ClientName = "node-1", Database = 3 });

        var info = (await connection.SendAsync("CLIENT", "INFO")).AsText();

        Assert.Contains("name=node-1:test ", info, StringComparison.Ordinal);
        Assert.Contains("db=3 ", info, StringComparison.Ordinal);
        Assert.Contains("resp=3", info, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_closing_what_was_sent_is_lost_and_nothing_more_is_accepted()
    {
        await using var server = await RedisServer.StartAsync();
        var connection = await server.ConnectAsync();
        var sent = connection.SendBlockingAsync(RespCommand.Of("BLPOP", "list", 0), RespSetup.Deadline, None);
        await server.UntilAsync("blocked_clients:1", "INFO", "clients");

        await connection.DisposeAsync();

        await Assert.ThrowsAsync<RespConnectionLostException>(() => sent);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => connection.SendAsync("PING"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => connection.ConnectAsync(None));
        await server.UntilAsync("connected_clients:1", "INFO", "clients");
    }

    [Fact]
    public async Task Closing_fails_what_waits_for_a_connection()
    {
        await using var server = await RedisServer.StartAsync();
        var connection = RespSetup.Connection(server.Options());
        server.Kill();
        var queued = connection.SendAsync("PING");

        await connection.DisposeAsync();

        await Assert.ThrowsAsync<RespUnavailableException>(() => queued);
        await connection.DisposeAsync();
        await RespSetup.Connection(server.Options()).DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_comes_and_goes_loses_nothing_that_was_answered()
    {
        await using var server = await RedisServer.StartAsync(new() { AppendOnly = true, AppendFsync = "always" });
        await using var connection = await server.ConnectAsync(server.Options() with { SendTimeout = RespSetup.Deadline });
        using var stop = new CancellationTokenSource();

        var counting = Enumerable.Range(0, 8).Select(sender => CountAsync(connection, $"counter-{sender}", stop.Token)).ToArray();
        for (var round = 1; round <= 3; round++)
        {
            await server.UntilAsync("8", "DBSIZE");
            server.Kill();
            await server.RestartAsync();
            await connection.WhenGenerationAsync(round, None).WaitAsync(RespSetup.Deadline);
        }

        await stop.CancelAsync();
        foreach (var (answered, doubtful, stored) in await Task.WhenAll(counting))
            Assert.InRange(stored, answered, answered + doubtful);
    }

    private static async Task<(long Answered, long Doubtful, long Stored)> CountAsync(RespConnection connection, string key, CancellationToken stop)
    {
        var (answered, doubtful) = (0L, 0L);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await connection.SendAsync("INCR", key);
                answered++;
            }
            catch (RespConnectionLostException)
            {
                doubtful++;
            }
            catch (RespErrorException refusal) when (refusal.Code == "LOADING")
            {
            }
        }

        var stored = (await connection.SendAsync("GET", key)).AsText();
        return (answered, doubtful, long.Parse(stored, CultureInfo.InvariantCulture));
    }
}
