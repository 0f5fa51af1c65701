using Microsoft.Extensions.Time.Testing;

namespace StreamRelay.Redis.Resp;

/// <summary>How a connection is watched while nothing, or nothing good, happens on it.</summary>
public sealed class RespWatchTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task An_idle_connection_is_asked_for_a_sign_of_life_every_ten_seconds()
    {
        using var server = new ScriptedRedis();
        await using var connection = await ConnectAsync(server);

        for (var round = 0; round < 3; round++)
        {
            _time.Advance(TimeSpan.FromSeconds(9));
            Assert.Equal("answered", (await AskAsync(server, connection)).AsText());
            _time.Advance(TimeSpan.FromSeconds(11));
            Assert.Equal("PING", await server.HearAsync());
            await server.SayAsync("+PONG\r\n");
            Assert.Equal("answered", (await AskAsync(server, connection)).AsText());
        }

        Assert.Equal(1, connection.Generation);
    }

    [Fact]
    public async Task An_idle_connection_that_gives_no_sign_of_life_is_given_up()
    {
        using var server = new ScriptedRedis();
        await using var connection = await ConnectAsync(server);

        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("PING", await server.HearAsync());
        _time.Advance(TimeSpan.FromSeconds(6));

        await Assert.ThrowsAnyAsync<IOException>(server.HearAsync);
        Assert.False(connection.IsConnected);
    }

    [Fact]
    public async Task Nothing_is_asked_while_a_read_blocks_and_it_is_given_up_only_after_its_time()
    {
        using var server = new ScriptedRedis();
        await using var connection = await ConnectAsync(server);
        var reading = connection.SendBlockingAsync(RespCommand.Of("BLPOP", "list", 60), TimeSpan.FromSeconds(60), None);
        Assert.Equal("BLPOP list 60", await server.HearAsync());

        _time.Advance(TimeSpan.FromSeconds(60));
        await server.SayAsync("_\r\n");
        Assert.True((await reading.WaitAsync(RespSetup.Deadline)).IsNull);
        reading = connection.SendBlockingAsync(RespCommand.Of("BLPOP", "list", 20), TimeSpan.FromSeconds(20), None);
        Assert.Equal("BLPOP list 20", await server.HearAsync());
        _time.Advance(TimeSpan.FromSeconds(26));

        await Assert.ThrowsAsync<RespConnectionLostException>(() => reading.WaitAsync(RespSetup.Deadline));
    }

    [Fact]
    public async Task A_server_that_answers_slowly_is_waited_for_as_long_as_it_answers()
    {
        using var server = new ScriptedRedis();
        await using var connection = await ConnectAsync(server);
        var replies = Enumerable.Range(0, 5).Select(number => connection.SendAsync("GET", number)).ToArray();
        for (var number = 0; number < 5; number++)
            Assert.Equal($"GET {number}", await server.HearAsync());

        for (var number = 0; number < 5; number++)
        {
            _time.Advance(TimeSpan.FromSeconds(4));
            await server.SayAsync($":{number}\r\n");
            Assert.Equal(number, (await replies[number]).AsLong());
        }
    }

    [Theory]
    [InlineData("?\r\n", "unknown type")]
    [InlineData(":x\r\n", "malformed integer")]
    public async Task A_server_that_breaks_the_protocol_is_left(string said, string reason)
    {
        using var server = new ScriptedRedis();
        await using var connection = await ConnectAsync(server);
        var (first, second) = (connection.SendAsync("GET", 1), connection.SendAsync("GET", 2));
        Assert.Equal(("GET 1", "GET 2"), (await server.HearAsync(), await server.HearAsync()));

        await server.SayAsync($"+one\r\n{said}");

        Assert.Equal("one", (await first).AsText());
        Assert.Contains(reason, (await Assert.ThrowsAsync<RespConnectionLostException>(() => second)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_answers_what_nobody_asked_is_left()
    {
        using var server = new ScriptedRedis();
        await using var connection = await ConnectAsync(server);

        await server.SayAsync(">2\r\n+invalidate\r\n_\r\n");
        Assert.Equal("answered", (await AskAsync(server, connection)).AsText());
        await server.SayAsync("+OK\r\n");

        await Assert.ThrowsAnyAsync<IOException>(server.HearAsync);
        Assert.False(connection.IsConnected);
    }

    [Fact]
    public async Task A_server_that_is_no_primary_any_more_is_left_after_its_refusal_was_handed_out()
    {
        using var server = new ScriptedRedis();
        await using var connection = await ConnectAsync(server);

        var asking = connection.SendAsync("SET", "a", 1);
        await server.HearAsync();
        await server.SayAsync("-READONLY You can't write against a read only replica.\r\n");

        Assert.Equal("READONLY", (await Assert.ThrowsAsync<RespErrorException>(() => asking)).Code);
        await Assert.ThrowsAnyAsync<IOException>(server.HearAsync);
        Assert.False(connection.IsConnected);
    }

    [Theory]
    [InlineData("%2\r\n+proto\r\n:3\r\n+role\r\n+master\r\n", "-LOADING Redis is loading the dataset in memory\r\n", "LOADING")]
    [InlineData("%2\r\n+proto\r\n:3\r\n+role\r\n+replica\r\n", "", "read-only replica")]
    public async Task A_server_that_cannot_be_used_yet_is_not_connected_to(string welcome, string pong, string expected)
    {
        using var server = new ScriptedRedis();
        await using var connection = RespSetup.Connection(server.Options, _time);
        var connecting = connection.ConnectAsync(None);
        await server.AcceptAsync();
        await server.HearAsync();
        await server.SayAsync(welcome);
        await server.SayAsync(pong);

        Assert.Contains(expected, (await Assert.ThrowsAnyAsync<IOException>(() => connecting)).Message, StringComparison.Ordinal);
        Assert.Equal(0, connection.Generation);
    }

    private async Task<RespConnection> ConnectAsync(ScriptedRedis server)
    {
        var connection = RespSetup.Connection(server.Options, _time);
        var connecting = connection.ConnectAsync(None);
        await server.WelcomeAsync();
        await connecting;
        await connection.WhenGenerationAsync(0, None).WaitAsync(RespSetup.Deadline);
        return connection;
    }

    private static async Task<RespValue> AskAsync(ScriptedRedis server, RespConnection connection)
    {
        var asking = connection.SendAsync("GET", "a");
        Assert.Equal("GET a", await server.HearAsync());
        await server.SayAsync("+answered\r\n");
        return await asking;
    }
}
