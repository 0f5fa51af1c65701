using StreamRelay.Conversations;
using StreamRelay.Files;
using StreamRelay.Keys;
using StreamRelay.Logs;
using StreamRelay.Outbox;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Postgres;

/// <summary>Tasks and files in a database of their own; the logs of a cluster are elsewhere.</summary>
internal sealed class PostgresFixture : IStoreFixture
{
    private readonly PostgresServer _server;
    private readonly string _connectionString;
    private PostgresStore _store;

    private PostgresFixture(PostgresServer server, string connectionString, PostgresStore store)
    {
        _server = server;
        _connectionString = connectionString;
        _store = store;
    }

    public IEventLog Log => throw new NotSupportedException("PostgreSQL holds no logs.");

    public ITaskStore Tasks => _store.Tasks;

    public IFileStore Files => _store.Files;

    public IOutbox Outbox => _store.Outbox;

    public IKeyStore Keys => _store.ApiKeys;

    public IConversationStore Conversations => _store.Conversations;

    // A constructor cannot await, and the work must not need the thread that waits here.
    public static PostgresFixture Create() => Task.Run(CreateAsync).GetAwaiter().GetResult();

    public async ValueTask ReopenAsync()
    {
        await _store.DisposeAsync();
        _store = await PostgresStore.OpenAsync(_connectionString, TimeProvider.System, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _server.DropDatabaseAsync(_connectionString);
    }

    private static async Task<PostgresFixture> CreateAsync()
    {
        var server = await PostgresServer.SharedAsync();
        var connectionString = await server.CreateDatabaseAsync();
        return new(server, connectionString, await PostgresStore.OpenAsync(connectionString, TimeProvider.System, CancellationToken.None));
    }
}
