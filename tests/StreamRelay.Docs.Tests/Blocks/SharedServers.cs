using System.Collections.Concurrent;
using Npgsql;
using StreamRelay.TestSupport;

namespace StreamRelay.Docs.Blocks;

/// <summary>The servers of others that pages name. Each is started when a page first needs it, and serves all pages until the tests end.</summary>
internal sealed class SharedServers
{
    private const string Redis = "localhost:6379";
    private const string Postgres = "Host=localhost;Username=relay;Password=secret;Database=relay";
    private const string Model = "localhost:11434";

    private readonly Lazy<Task<ModelServer>> _model = new(ModelServer.StartAsync);

    /// <summary>The variables by which the shims find them.</summary>
    public ConcurrentDictionary<string, string> Variables { get; } = [];

    /// <summary>The addresses in a text, with the ones to use in their place.</summary>
    public async Task<Dictionary<string, string>> NeededByAsync(string text)
    {
        Dictionary<string, string> replacements = [];
        if (text.Contains(Redis, StringComparison.Ordinal))
        {
            var server = await SharedRedis.GetAsync();
            Variables["DOCS_REDIS_PORT"] = $"{server.Port}";
            replacements[Redis] = $"127.0.0.1:{server.Port}";
        }

        if (text.Contains(Postgres, StringComparison.Ordinal))
            replacements[Postgres] = new NpgsqlConnectionStringBuilder(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync()) { MaxPoolSize = 10 }.ConnectionString;
        if (text.Contains(Model, StringComparison.Ordinal))
            replacements[Model] = (await _model.Value).Address;

        return replacements;
    }
}
