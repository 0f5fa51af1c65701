using StreamRelay.Testing;

namespace StreamRelay.Redis.Resp;

/// <summary>How the first connection fails: at once, and in the server's words.</summary>
public sealed class RespHandshakeTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_password_is_enough_for_the_default_user()
    {
        await using var server = await RedisServer.StartAsync(new() { Password = "secret" });
        await using var connection = await server.ConnectAsync();

        Assert.Equal("default", (await connection.SendAsync("ACL", "WHOAMI")).AsText());
    }

    [Theory]
    [InlineData("redis://:wrong@127.0.0.1:{0}", "WRONGPASS", "refused HELLO: WRONGPASS invalid username-password pair or user is disabled.")]
    [InlineData("redis://nobody:secret@127.0.0.1:{0}", "WRONGPASS", "refused HELLO: WRONGPASS")]
    [InlineData("redis://127.0.0.1:{0}", "NOAUTH", "refused HELLO: NOAUTH HELLO must be called with the client already authenticated")]
    [InlineData("redis://:secret@127.0.0.1:{0}/99", "ERR", "refused SELECT: ERR DB index is out of range")]
    [InlineData("redis://limited:secret@127.0.0.1:{0}/1", "NOPERM", "refused SELECT: NOPERM")]
    [InlineData("redis://:secret@127.0.0.1:{0}?name=a%20b", "ERR", "Client names cannot contain spaces")]
    public async Task A_refusal_is_told_in_the_servers_words(string text, string code, string expected)
    {
        await using var server = await RedisServer.StartAsync(new() { Password = "secret", Users = ["limited on >secret ~* +@all -select"] });

        var refusal = await Assert.ThrowsAsync<RespErrorException>(() => server.ConnectAsync(RedisOptions.Parse(string.Format(null, text, server.Port))));

        Assert.Equal(code, refusal.Code);
        Assert.StartsWith($"Redis at 127.0.0.1:{server.Port} refused ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_may_do_what_its_rules_allow()
    {
        await using var server = await RedisServer.StartAsync(new() { Users = ["reader on >secret ~* +@read +@connection"] });
        await using var connection = await server.ConnectAsync(server.Options() with { User = "reader", Password = "secret" });

        Assert.True((await connection.SendAsync("GET", "a")).IsNull);
        Assert.Equal("NOPERM", (await Assert.ThrowsAsync<RespErrorException>(() => connection.SendAsync("SET", "a", 1))).Code);
    }

    [Fact]
    public async Task A_server_that_does_not_know_the_protocol_is_told_apart()
    {
        using var server = new ScriptedRedis();
        await using var connection = RespSetup.Connection(server.Options);
        var connecting = connection.ConnectAsync(None);
        await server.AcceptAsync();
        await server.HearAsync();
        await server.SayAsync("-ERR unknown command `HELLO`, with args beginning with: `3`, \r\n");

        var refusal = await Assert.ThrowsAsync<RespErrorException>(() => connecting);

        Assert.EndsWith("refused HELLO: ERR unknown command `HELLO`, with args beginning with: `3`, (Redis 6 or later is needed)", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "unknown type")]
    [InlineData("*4\r\n$5\r\nHELLO\r\n$1\r\n3\r\n$7\r\nSETNAME\r\n$16\r\nstreamrelay:test\r\n", "is not Redis")]
    public async Task Something_else_than_Redis_is_not_mistaken_for_it(string said, string expected)
    {
        using var server = new ScriptedRedis();
        await using var connection = RespSetup.Connection(server.Options);
        var connecting = connection.ConnectAsync(None);
        await server.AcceptAsync();
        await server.SayAsync(said);

        var failure = await Assert.ThrowsAsync<RespUnavailableException>(() => connecting);

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_waited_for_no_longer_than_allowed()
    {
        using var server = new ScriptedRedis();
        await using var connection = RespSetup.Connection(server.Options with { ConnectTimeout = RespSetup.Short });

        var failure = await Assert.ThrowsAsync<RespUnavailableException>(() => connection.ConnectAsync(None).WaitAsync(RespSetup.Deadline));

        Assert.Contains("did not answer within 0.5 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_server_is_a_clear_failure_and_the_next_attempt_may_succeed()
    {
        await using var server = await RedisServer.StartAsync();
        await server.StopAsync();
        await using var connection = RespSetup.Connection(server.Options());

        var failure = await Assert.ThrowsAsync<RespUnavailableException>(() => connection.ConnectAsync(None));
        await server.RestartAsync();
        await connection.ConnectAsync(None);

        Assert.Contains("cannot be reached: Connection refused", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, connection.Generation);
    }
}
