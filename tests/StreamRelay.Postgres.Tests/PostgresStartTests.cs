using Npgsql;
using StreamRelay.TestSupport;

namespace StreamRelay.Postgres;

public sealed class PostgresStartTests : PostgresTests
{
    [Fact]
    public async Task Five_nodes_may_start_at_once_on_an_empty_database()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => OpenAsync())));
        var record = New();
        await stores[0].Tasks.AddAsync(record, Input, None);

        foreach (var store in stores)
        {
            Assert.NotNull(await store.Tasks.FindAsync(record.Id, None));
            await store.DisposeAsync();
        }

        Assert.Equal(1L, await ExecuteAsync("select count(*) from streamrelay.version where number = 9"));
    }

    [Fact]
    public async Task A_later_version_of_the_tables_is_refused()
    {
        await using (await OpenAsync())
            await ExecuteAsync("update streamrelay.version set number = 10");

        var refusal = await RefusalAsync(Database);

        Assert.Contains("version 10", refusal.Message);
        Assert.Contains("newer server", refusal.Message);
    }

    [Fact]
    public async Task Results_that_an_earlier_version_stores_as_text_are_JSON()
    {
        var record = New();
        await using var store = await OpenAsync();
        await store.Tasks.AddAsync(record, Input, None);

        await ExecuteAsync("update streamrelay.tasks set result = 'said \"ü\"'");

        Assert.Equal("\"said \\\"ü\\\"\"", (await store.Tasks.FindAsync(record.Id, None))!.Result);
    }

    [Fact]
    public async Task Current_tables_need_no_permission_but_to_use_them_and_wait_for_no_lock()
    {
        await using (await OpenAsync())
            await ExecuteAsync($"create role reader login password '{PostgresServer.Password}'; revoke create, temporary on database {Name} from public");

        try
        {
            var reader = With(settings => settings.Username = "reader");
            Assert.Contains("GRANT USAGE ON SCHEMA streamrelay TO \"reader\"", (await RefusalAsync(reader)).Message);

            await ExecuteAsync("grant usage on schema streamrelay to reader; grant select on all tables in schema streamrelay to reader");
            var refusal = await RefusalAsync(reader);
            Assert.Contains("streamrelay.api_keys", refusal.Message);
            Assert.Contains("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA streamrelay TO \"reader\"", refusal.Message);

            await ExecuteAsync("grant insert, update, delete on all tables in schema streamrelay to reader");
            await using var other = new NpgsqlConnection(Database);
            await other.OpenAsync();
            await using var held = await other.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand("lock table streamrelay.tasks, streamrelay.version in exclusive mode; select pg_advisory_xact_lock(6013557074824855553)", other);
            await hold.ExecuteNonQueryAsync();

            await using var store = await PostgresStore.OpenAsync(reader, TimeProvider.System, None).WaitAsync(Deadline);
            await held.RollbackAsync();
            Assert.Null(await store.Tasks.AddAsync(New(), Input, None));
        }
        finally
        {
            await ExecuteAsync("drop owned by reader; drop role reader");
        }
    }

    [Fact]
    public async Task A_user_without_permission_to_create_the_schema_gets_the_missing_permission()
    {
        await ExecuteAsync($"create role \"no body\" login password '{PostgresServer.Password}'");
        try
        {
            var nobody = With(settings => settings.Username = "no body");
            var refusal = await RefusalAsync(nobody);
            Assert.Contains("CREATE SCHEMA streamrelay AUTHORIZATION \"no body\"", refusal.Message);
            Assert.Contains($"GRANT CREATE ON DATABASE \"{Name}\" TO \"no body\"", refusal.Message);

            await ExecuteAsync("create schema streamrelay; grant usage on schema streamrelay to \"no body\"");
            Assert.Contains("GRANT CREATE ON SCHEMA streamrelay TO \"no body\"", (await RefusalAsync(nobody)).Message);

            await ExecuteAsync("drop schema streamrelay; create schema streamrelay authorization \"no body\"");
            await using var store = await PostgresStore.OpenAsync(nobody, TimeProvider.System, None);
            Assert.Null(await store.Tasks.AddAsync(New(), Input, None));
        }
        finally
        {
            await ExecuteAsync("drop owned by \"no body\"; drop role \"no body\"");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("what is this")]
    [InlineData("Host=db;Password=ab;hunter2=x")]
    [InlineData("Host=db;Password=x;Port=hunter2")]
    [InlineData("Database=x;Password=hunter2")]
    [InlineData("postgres://me:hunter2@db/x")]
    public async Task An_invalid_connection_string_is_reported_without_any_part_of_it(string text)
    {
        var refusal = await RefusalAsync(text);

        Assert.Contains("Host=db.example;", refusal.Message);
        Assert.DoesNotContain("hunter2", refusal.ToString());
    }

    [Fact]
    public async Task An_unknown_host_name_is_named_in_the_error() =>
        Assert.Contains("'nowhere.invalid' is not known", (await RefusalAsync(With(settings => settings.Host = "nowhere.invalid"))).Message);

    [Fact]
    public async Task A_closed_port_is_named_in_the_error() =>
        Assert.Contains("nothing answers at 127.0.0.1:1 ", (await RefusalAsync(With(settings => settings.Port = 1))).Message);

    [Fact]
    public async Task A_wrong_password_is_reported_but_not_shown()
    {
        var refusal = await RefusalAsync(With(settings => settings.Password = "hunter2"));

        Assert.Contains("check Username and Password", refusal.Message);
        Assert.DoesNotContain("hunter2", refusal.ToString());
    }

    [Fact]
    public async Task A_missing_password_is_named_in_the_error() =>
        Assert.Contains("password", (await RefusalAsync(With(settings => settings.Password = null))).Message);

    [Fact]
    public async Task A_database_that_is_not_there_is_named() =>
        Assert.Contains("there is no database 'nothing'", (await RefusalAsync(With(settings => settings.Database = "nothing"))).Message);

    [Fact]
    public async Task A_database_that_cannot_hold_every_character_is_refused()
    {
        var server = await PostgresServer.SharedAsync();
        var latin = await server.CreateDatabaseAsync("encoding 'LATIN1' template template0");

        Assert.Contains("ENCODING 'UTF8'", (await RefusalAsync(latin)).Message);
        await server.DropDatabaseAsync(latin);
    }

    [Fact]
    public async Task A_database_that_is_read_only_is_refused()
    {
        await ExecuteAsync($"alter database {Name} set default_transaction_read_only = on");

        Assert.Contains("default_transaction_read_only is on", (await RefusalAsync(Database)).Message);
    }

    [Fact]
    public async Task A_standby_is_refused_and_fails_the_check_until_it_is_promoted()
    {
        await using var server = await PostgresServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await using var store = await PostgresStore.OpenAsync(database, TimeProvider.System, None);
        await store.CheckAsync(None);
        await server.StopAsync();
        Assert.Contains("nothing answers", (await Assert.ThrowsAsync<IOException>(() => store.CheckAsync(None))).Message);

        await server.RestartAsync(standby: true);
        Assert.Contains("must be the primary", (await RefusalAsync(database)).Message);
        Assert.Contains("must be the primary", (await Assert.ThrowsAsync<IOException>(() => store.CheckAsync(None))).Message);

        await server.PromoteAsync();
        await store.CheckAsync(None);
    }

    [Fact]
    public async Task Of_several_hosts_the_primary_is_taken()
    {
        await using var standby = await PostgresServer.StartAsync();
        await using var primary = await PostgresServer.StartAsync();
        var database = new NpgsqlConnectionStringBuilder(await standby.CreateDatabaseAsync());
        database.Host = $"127.0.0.1:1,127.0.0.1:{standby.Port},127.0.0.1:{primary.Port}";
        await primary.CreateDatabaseAsync();
        await standby.RestartAsync(standby: true);

        await using var store = await PostgresStore.OpenAsync(database.ConnectionString, TimeProvider.System, None);

        await store.CheckAsync(None);
        await primary.StopAsync();
        await standby.StopAsync();
        await Assert.ThrowsAsync<IOException>(() => store.CheckAsync(None));
        Assert.Contains($"none of the hosts '{database.Host}' is a primary that answers", (await RefusalAsync(database.ConnectionString)).Message);
    }

    private string Name => new NpgsqlConnectionStringBuilder(Database).Database!;

    private string With(Action<NpgsqlConnectionStringBuilder> change)
    {
        var settings = new NpgsqlConnectionStringBuilder(Database);
        change(settings);
        return settings.ConnectionString;
    }

    private static async Task<IOException> RefusalAsync(string connectionString)
    {
        var refusal = await Assert.ThrowsAsync<IOException>(() => PostgresStore.OpenAsync(connectionString, TimeProvider.System, None));
        Assert.Contains("ConnectionStrings:Postgres", refusal.Message);
        Assert.DoesNotContain(PostgresServer.Password, refusal.ToString());
        return refusal;
    }
}
