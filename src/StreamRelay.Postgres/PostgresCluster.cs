using Npgsql;

namespace StreamRelay.Postgres;

/// <summary>The cluster that a database belongs to. The first node that joins sets it.</summary>
internal static class PostgresCluster
{
    private const string Join = """
        insert into streamrelay.fleet (id, prefix) values (@id, @prefix) on conflict do nothing;
        select id, prefix from streamrelay.fleet;
        """;

    public static async Task<(Guid Id, string Prefix)> JoinAsync(NpgsqlConnection connection, string prefix, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Join, connection);
        command.Parameters.AddWithValue("id", Guid.NewGuid());
        command.Parameters.AddWithValue("prefix", prefix);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (row.GetGuid(0), row.GetString(1));
    }
}
