using System.Globalization;
using System.Net.Http.Headers;
using StreamRelay.AspNetCore.Access;
using StreamRelay.TestSupport;
using Xunit.Abstractions;

namespace StreamRelay.Server.Cluster;

/// <summary>The commands that a cluster sends to its stores for one task.</summary>
public sealed class TaskCostTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Events = 100;

    /// <summary>Starting, claiming and reading a task, the end of its log, and on a busy machine messages out of order and events that share a batch: far less than one for each batch.</summary>
    private const int Once = Events / 4;

    private const string NodeKey = "StreamRelay:Cluster:Node";
    private const string FindNode = "select node from streamrelay.tasks order by id desc limit 1";

    private const string FindEnd = "select ended_at from streamrelay.tasks order by id desc limit 1";

    private readonly (string Key, string Hash)[] _owners = [ApiKey.Create(), ApiKey.Create()];
    private Dictionary<string, string?> _cluster = [];
    private RedisServer _redis = null!;

    private string Database => _cluster["ConnectionStrings:Postgres"]!;

    public async Task InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _cluster = await SharedStores.NewClusterAsync();
        _cluster["ConnectionStrings:Redis"] = _redis.ConnectionString;

        foreach (var (index, (_, hash)) in _owners.Index())
        {
            _cluster[$"StreamRelay:Auth:Keys:{index}:Owner"] = $"owner{index}";
            _cluster[$"StreamRelay:Auth:Keys:{index}:Hash"] = hash;
        }

        // Nothing is renewed or checked while the task runs.
        _cluster["StreamRelay:Cluster:Lease"] = "00:10:00";
    }

    public async Task DisposeAsync() => await _redis.DisposeAsync();

    [Fact]
    public async Task A_batch_costs_one_append_and_one_message_and_a_task_six_statements_also_the_first_of_its_owner()
    {
        using var statements = new SqlStatements(Database);
        await using var one = new RelayApp(new(_cluster) { [NodeKey] = "one" });
        await using var two = new RelayApp(new(_cluster) { [NodeKey] = "two" });
        await ReadAsync(one, two, owner: 0);
        await _redis.CliAsync("CONFIG", "RESETSTAT");
        statements.Take();

        await ReadAsync(one, two, owner: 1);

        // Keys are read every 30 seconds, whatever tasks run.
        var sql = statements.Take().Where(text => text is not (FindNode or FindEnd) && !text.Contains("api_keys", StringComparison.Ordinal)).ToList();
        var commands = await CommandsAsync();
        output.WriteLine(string.Join('\n', commands.OrderByDescending(one => one.Value)) + '\n' + string.Join('\n', sql));
        Assert.InRange(commands["xadd"], Events - Once, Events + Once);
        Assert.InRange(commands["publish"], Events - Once, Events + Once);
        Assert.InRange(commands.GetValueOrDefault("xrange"), 0, Once);
        Assert.InRange(commands.GetValueOrDefault("xrevrange"), 0, Once);
        Assert.InRange(commands.GetValueOrDefault("pexpire"), 0, Once);
        Assert.InRange(sql.Count, 1, 6);
    }

    /// <summary>Runs a task, and reads it on the node that does not run it.</summary>
    private async Task ReadAsync(RelayApp one, RelayApp two, int owner)
    {
        foreach (var node in (RelayApp[])[one, two])
            node.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _owners[owner].Key);

        var id = await one.StartAsync($"count {Events} 20");
        string? runner = null;
        await Wait.UntilAsync(async () => (runner = await PostgresServer.ExecuteAsync(Database, FindNode) as string) is not null, TimeSpan.FromSeconds(60), "the task runs");
        Assert.Contains("connection_end", await (runner == "one" ? two : one).ReadAsync(id));

        // The end is stored after the readers have it.
        await Wait.UntilAsync(async () => await PostgresServer.ExecuteAsync(Database, FindEnd) is long, TimeSpan.FromSeconds(60), "the end is stored");
    }

    private async Task<Dictionary<string, long>> CommandsAsync() => (await _redis.CliAsync("INFO", "commandstats")).Split('\n')
        .Where(line => line.StartsWith("cmdstat_", StringComparison.Ordinal))
        .ToDictionary(line => line.Split(':')[0]["cmdstat_".Length..], line => long.Parse(line.Split("calls=")[1].Split(',')[0], CultureInfo.InvariantCulture));
}
