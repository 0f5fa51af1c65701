using System.Collections.Concurrent;

namespace StreamRelay.TestSupport;

/// <summary>The stores that a server of a test uses. With <c>STREAMRELAY_STORE=cluster</c> in the environment, every server without stores of its own
/// keeps its tasks in real Redis and PostgreSQL servers, so that all tests can be run on both kinds of stores.</summary>
public static class SharedStores
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<Dictionary<string, string?>>>> ByFolder = new();

    /// <summary>Whether all tests run on shared stores.</summary>
    public static bool AreUsual { get; } = Environment.GetEnvironmentVariable("STREAMRELAY_STORE") == "cluster";

    /// <summary>Settings of a node of a new cluster, which has nothing in common with any other.</summary>
    public static async Task<Dictionary<string, string?>> NewClusterAsync()
    {
        var postgres = await PostgresServer.SharedAsync();
        return new()
        {
            ["ConnectionStrings:Redis"] = (await SharedRedis.GetAsync()).ConnectionString,
            ["ConnectionStrings:Postgres"] = await postgres.CreateDatabaseAsync() + ";Maximum Pool Size=10",
            ["StreamRelay:Cluster:Prefix"] = SharedRedis.NewPrefix(),
            ["StreamRelay:Cluster:Lease"] = "00:00:01",
        };
    }

    /// <summary>The settings for a server on a data folder: those of a new cluster when all tests run on shared stores, otherwise none.</summary>
    public static async Task<Dictionary<string, string?>> ForAsync(string folder) =>
        AreUsual ? new(await ByFolder.GetOrAdd(folder, static _ => new(NewClusterAsync)).Value) : [];
}
