using StreamRelay.TestSupport;

namespace StreamRelay.Redis.Connection;

/// <summary>Tests a connection while its server is not running, refuses commands, or becomes a replica.</summary>
public sealed class RedisConnectionTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_server_that_is_not_running_is_named_and_a_command_after_its_start_connects()
    {
        await using var server = await RedisServer.StartAsync();
        await server.StopAsync();
        await using var connection = RedisStores.Connection(server);
        var failure = await Assert.ThrowsAsync<RedisUnavailableException>(() => WriteAsync(connection));
        Assert.Contains($"127.0.0.1:{server.Port} (test) cannot be reached: Connection refused", failure.Message, StringComparison.Ordinal);
        Assert.Equal((0, false), (connection.Generation, connection.IsConnected));

        await server.RestartAsync();

        Assert.True(await WriteAsync(connection));
        Assert.Equal((1, true), (connection.Generation, connection.IsConnected));
    }

    [Fact]
    public async Task A_command_that_is_sent_during_a_restart_is_executed_after_it()
    {
        await using var server = await RedisServer.StartAsync();
        await using var connection = RedisStores.Connection(server);
        await WriteAsync(connection);
        server.Kill();

        var writing = Outage.WaitOutAsync(() => WriteAsync(connection), RedisStores.Deadline, TimeProvider.System, None);
        await server.RestartAsync();

        Assert.True(await writing);
        await connection.WhenGenerationAsync(1, None).WaitAsync(RedisStores.Deadline);
    }

    [Fact]
    public async Task A_command_that_times_out_fails_as_unavailable()
    {
        await using var server = await RedisServer.StartAsync();
        await using var connection = RedisStores.Connection(server, server.ConnectionString + ",asyncTimeout=500");
        await WriteAsync(connection);

        server.Pause();
        var failure = await Assert.ThrowsAsync<RedisUnavailableException>(() => WriteAsync(connection));
        server.Resume();

        Assert.Contains("did not answer in time", failure.Message, StringComparison.Ordinal);
        Assert.True(await Outage.WaitOutAsync(() => WriteAsync(connection), RedisStores.Deadline, TimeProvider.System, None));
    }

    [Fact]
    public async Task A_refused_command_fails_with_the_message_of_the_server()
    {
        await using var server = await RedisServer.StartAsync();
        await using var connection = RedisStores.Connection(server);
        await server.CliAsync("SET", "text", "1");
        await server.CliAsync("XADD", "stream", "2-0", "a", "b");

        var wrongType = await Assert.ThrowsAsync<RedisRefusedException>(() => connection.SendAsync(database => database.StreamLengthAsync("text"), None));
        var lowId = await Assert.ThrowsAsync<RedisRefusedException>(() => connection.SendAsync(database => database.StreamAddAsync("stream", "a", "b", "1-0"), None));

        Assert.Equal(("WRONGTYPE", false), (wrongType.Code, wrongType.IsIdTooLow));
        Assert.Equal(("ERR", true), (lowId.Code, lowId.IsIdTooLow));
        Assert.StartsWith("WRONGTYPE Operation against a key", wrongType.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("maxmemory", "1", "0", "OOM")]
    [InlineData("min-replicas-to-write", "1", "0", "NOREPLICAS")]
    public async Task A_write_to_a_server_that_temporarily_refuses_writes_fails_as_unavailable(string setting, string refuse, string accept, string expected)
    {
        await using var server = await RedisServer.StartAsync();
        await using var connection = RedisStores.Connection(server);
        await server.CliAsync("CONFIG", "SET", setting, refuse);

        var failure = await Assert.ThrowsAsync<RedisUnavailableException>(() => WriteAsync(connection));
        await server.CliAsync("CONFIG", "SET", setting, accept);

        Assert.StartsWith(expected, failure.Message, StringComparison.Ordinal);
        Assert.True(await WriteAsync(connection));
    }

    [Fact]
    public async Task Commands_fail_while_the_server_is_a_replica_and_succeed_when_it_is_primary_again()
    {
        await using var other = await RedisServer.StartAsync();
        await using var server = await RedisServer.StartAsync();
        await using var connection = RedisStores.Connection(server);
        await WriteAsync(connection);

        await server.CliAsync("REPLICAOF", "127.0.0.1", $"{other.Port}");
        var refused = await Assert.ThrowsAsync<RedisUnavailableException>(() => WriteAsync(connection));
        var replica = await Assert.ThrowsAsync<RedisUnavailableException>(() => WriteAsync(connection));
        await server.CliAsync("REPLICAOF", "NO", "ONE");

        Assert.StartsWith("READONLY", refused.Message, StringComparison.Ordinal);
        Assert.Contains("read-only replica: name the primary", replica.Message, StringComparison.Ordinal);
        Assert.True(await Outage.WaitOutAsync(() => WriteAsync(connection), RedisStores.Deadline, TimeProvider.System, None));

        // While the server is a replica, a further connection may have been tried.
        Assert.InRange(connection.Generation, 2, int.MaxValue);
    }

    [Fact]
    public async Task A_command_on_a_disposed_connection_throws()
    {
        await using var server = await RedisServer.StartAsync();
        var connection = RedisStores.Connection(server);
        await WriteAsync(connection);

        await connection.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => WriteAsync(connection));
    }

    private static Task<bool> WriteAsync(RedisConnection connection) => connection.SendAsync(database => database.StringSetAsync("key", "value"), None);
}
