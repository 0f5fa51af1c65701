using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Postgres;

/// <summary>Tests with a database of their own on the shared server.</summary>
public abstract class PostgresTests : IAsyncLifetime
{
    protected static readonly CancellationToken None = CancellationToken.None;
    protected static readonly TaskInput Input = new("\"topic\""u8.ToArray(), "{}"u8.ToArray());
    protected static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private PostgresServer _server = null!;

    protected string Database { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.SharedAsync();
        Database = await _server.CreateDatabaseAsync();
    }

    public Task DisposeAsync() => _server.DropDatabaseAsync(Database);

    protected static TaskRecord New(string owner = "me", string? key = null) => new()
    {
        Request = new() { Id = SampleEntries.NewTask(), Agent = "probe", Owner = owner, CreatedAt = SampleEntries.Start, IdempotencyKey = key },
    };

    protected Task<PostgresStore> OpenAsync(TimeProvider? time = null) => PostgresStore.OpenAsync(Database, time ?? TimeProvider.System, None);

    protected Task<object?> ExecuteAsync(string sql) => PostgresServer.ExecuteAsync(Database, sql);
}
