using StreamRelay.TestSupport;

namespace StreamRelay.Cluster;

/// <summary>Nodes with a Redis server and a PostgreSQL database of their own.</summary>
internal sealed class ClusterServers : IAsyncDisposable
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Outage = TimeSpan.FromSeconds(3);

    /// <summary>Ten times the longest takeover.</summary>
    public static readonly TimeSpan Deadline = 10 * (Lease + TimeSpan.FromSeconds(5));

    private const string Prefix = "faults";

    private readonly PostgresServer? _own;
    private readonly string _database;

    private ClusterServers(RedisServer redis, PostgresServer postgres, bool isOwn, string database, TimeSpan lease)
    {
        Redis = redis;
        Postgres = postgres;
        _own = isOwn ? postgres : null;
        _database = database;
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Postgres"] = database + ";Maximum Pool Size=10",
            ["StreamRelay:Cluster:Prefix"] = Prefix,
            ["StreamRelay:Cluster:Lease"] = $"{lease}",
            ["StreamRelay:Streams:HeartbeatInterval"] = "00:00:00.250",
            ["StreamRelay:Streams:MaxConnectionAge"] = "00:00:00",
            ["StreamRelay:Tutorial:OfflinePause"] = "00:00:00.010",
            ["StreamRelay:Agents:remote:Type"] = "push",
            ["StreamRelay:Agents:recount:Type"] = "probe",
            ["StreamRelay:Agents:recount:OnRestart"] = "Resume",
        };
        Nodes = [.. Enumerable.Range(1, 3).Select(number => new ClusterNode(number, redis.Port, settings))];
    }

    public IReadOnlyList<ClusterNode> Nodes { get; }

    public RedisServer Redis { get; }

    public PostgresServer Postgres { get; }

    // No response is drained: disposing one closes its connection.
    public HttpClient Client { get; } = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1000, MaxResponseDrainSize = 0 }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Starts three nodes on stores of their own. They are ready when the task completes.</summary>
    /// <param name="redis">The persistence of Redis.</param>
    /// <param name="ownPostgres">Whether the database server will be stopped.</param>
    /// <param name="lease">The nodes' lease; by default <see cref="Lease"/>.</param>
    public static async Task<ClusterServers> StartAsync(RedisServerOptions? redis = null, bool ownPostgres = false, TimeSpan? lease = null)
    {
        var postgres = ownPostgres ? await PostgresServer.StartAsync() : await PostgresServer.SharedAsync();
        var servers = new ClusterServers(await RedisServer.StartAsync(redis), postgres, ownPostgres, await postgres.CreateDatabaseAsync(), lease ?? Lease);
        try
        {
            await Task.WhenAll(servers.Nodes.Select(node => node.StartAsync()));
            await Task.WhenAll(servers.Nodes.Select(servers.WarmUpAsync));
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns a node that accepts requests; waits until there is one.</summary>
    public async Task<ClusterNode> AnyNodeAsync(Random random)
    {
        ClusterNode[] there = [];
        await Wait.UntilAsync(() => Task.FromResult(there = [.. Nodes.Where(node => node.IsThere)]), nodes => nodes.Length > 0, Deadline, "a node is there");
        return there[random.Next(there.Length)];
    }

    /// <summary>Returns the node that runs the task; waits until a node runs it.</summary>
    public async Task<ClusterNode> RunnerAsync(string task)
    {
        ClusterNode? runner = null;
        await Wait.UntilAsync(async () => (runner = await FindRunnerAsync(task)) is not null, Deadline, "the task is taken up");
        return runner!;
    }

    /// <summary>Whether a task has ended, or another node runs it.</summary>
    public async Task<bool> HasLeftAsync(string task, ClusterNode node) =>
        await PostgresServer.ExecuteAsync(_database, $"select 1 from streamrelay.tasks where id = '{Guid.Parse(task)}' and ended_at is null and node = '{node.Name}'") is null;

    /// <summary>The number of tasks that have not ended and of work items that are not acknowledged.</summary>
    public async Task<long> OpenWorkAsync() =>
        long.Parse(await Redis.CliAsync("XLEN", $"{Prefix}:work"), System.Globalization.CultureInfo.InvariantCulture)
        + (long)(await PostgresServer.ExecuteAsync(_database, "select count(*) from streamrelay.tasks where ended_at is null"))!;

    /// <summary>Whether Redis keeps a log of the task.</summary>
    public async Task<bool> HasLogAsync(string task) => await Redis.CliAsync("EXISTS", $"{Prefix}:log:{task}") == "1";

    /// <summary>The records of a task in the stores, for a failure message.</summary>
    public async Task<string> DescribeAsync(string task)
    {
        var record = await PostgresServer.ExecuteAsync(_database, $"select row(state, epoch, version, node, last_offset, error_code)::text from streamrelay.tasks where id = '{Guid.Parse(task)}'");
        return $"record {record}, log {string.Join(' ', (await Redis.CliAsync("XINFO", "STREAM", $"{Prefix}:log:{task}")).Split('\n').Take(14))}";
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        foreach (var node in Nodes)
            await node.DisposeAsync();

        await Redis.DisposeAsync();
        if (_own is not null)
            await _own.DisposeAsync();
    }

    private async Task<ClusterNode?> FindRunnerAsync(string task)
    {
        var name = await PostgresServer.ExecuteAsync(_database, $"select node from streamrelay.tasks where id = '{Guid.Parse(task)}'") as string;
        return Nodes.FirstOrDefault(node => node.Name == name);
    }

    /// <summary>Runs every kind of request once, so that a node is as fast in the first round as in later ones.</summary>
    private async Task WarmUpAsync(ClusterNode node)
    {
        var client = new ClusterClient(this, new(0));
        var task = await client.StartAsync("probe", "tool 20 1");
        foreach (var protocol in Round.Protocols)
            await client.ReadAtAsync(node, task, protocol);
    }
}
