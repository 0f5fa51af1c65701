using Microsoft.Extensions.Logging.Abstractions;
using StreamRelay.TestSupport;

namespace StreamRelay.Redis;

/// <summary>Tests that an invalid configuration of Redis fails the start with a message that names the setting to change.</summary>
public sealed class RedisStartTests
{
    [Theory]
    [InlineData("", "ConnectionStrings:Redis")]
    [InlineData("localhost:6379,pasword=secret-word", "pasword")]
    [InlineData("http://localhost", "ConnectionStrings:Redis")]
    public void An_invalid_connection_string_is_refused_without_showing_its_password(string connectionString, string named)
    {
        var refusal = Assert.Throws<IOException>(() => Create(connectionString));

        Assert.Contains(named, refusal.Message);
        Assert.DoesNotContain("secret-word", refusal.Message);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_named() => await RefusedAsync("127.0.0.1:1", "127.0.0.1:1");

    [Fact]
    public async Task A_wrong_password_is_reported_but_not_shown()
    {
        await using var server = await RedisServer.StartAsync(new() { Password = "right" });

        Assert.DoesNotContain("wrong-word", await RefusedAsync($"127.0.0.1:{server.Port},password=wrong-word", "WRONGPASS"));
    }

    [Theory]
    [InlineData("+@all -xautoclaim", "XAUTOCLAIM")]
    [InlineData("+@all -publish", "PUBLISH")]
    [InlineData("+@all -eval", "EVAL")]
    public async Task A_missing_permission_is_named(string rules, string command)
    {
        await using var server = await RedisServer.StartAsync(new() { Users = [$"relay on >secret ~* &* {rules}"] });

        await RefusedAsync($"127.0.0.1:{server.Port},user=relay,password=secret", command);
    }

    [Fact]
    public async Task A_user_with_only_the_required_permissions_is_accepted()
    {
        await using var server = await RedisServer.StartAsync(new()
        {
            Users = ["relay on >secret ~streamrelay:* &streamrelay:* -@all +@stream +@pubsub +@keyspace +@string +@hash +@set +@scripting +@connection +info"],
        });
        await using var store = Create($"127.0.0.1:{server.Port},user=relay,password=secret");

        await store.ConnectAsync(CancellationToken.None).WaitAsync(RedisStores.Deadline);
        await store.Log.AppendAsync(SampleEntries.NewTask(), SampleEntries.Entries(1, 1));
    }

    [Fact]
    public async Task A_replica_is_refused()
    {
        await using var primary = await RedisServer.StartAsync();
        await using var replica = await RedisServer.StartAsync();
        await replica.CliAsync("REPLICAOF", "127.0.0.1", $"{primary.Port}");

        await RefusedAsync(replica.ConnectionString, "primary");
    }

    [Fact]
    public async Task A_Redis_Cluster_is_refused()
    {
        await using var server = await RedisServer.StartAsync(new() { Lines = ["cluster-enabled yes"] });

        await RefusedAsync(server.ConnectionString, "Redis Cluster, which is not supported");
    }

    [Fact]
    public async Task A_database_that_the_server_does_not_have_is_refused()
    {
        await using var server = await RedisServer.StartAsync();

        await RefusedAsync($"{server.ConnectionString},defaultDatabase=99", "SELECT 99");
    }

    private static RedisStore Create(string connectionString) =>
        RedisStore.Create(connectionString, new(), RedisStores.Times, TimeProvider.System, NullLoggerFactory.Instance);

    private static async Task<string> RefusedAsync(string connectionString, string named)
    {
        await using var store = Create(connectionString);
        var refusal = await Assert.ThrowsAsync<IOException>(() => store.ConnectAsync(CancellationToken.None).WaitAsync(RedisStores.Deadline));
        Assert.Contains(named, refusal.Message);
        Assert.Contains("ConnectionStrings:Redis", refusal.Message);
        return refusal.Message;
    }
}
