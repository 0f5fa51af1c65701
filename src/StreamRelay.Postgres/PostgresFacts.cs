using Npgsql;

namespace StreamRelay.Postgres;

/// <summary>Facts about a database that can be read without any permission in it.</summary>
internal sealed record PostgresFacts
{
    // With a list of privileges the function is true when the user has any of them. All are needed, so each is checked alone.
    private const string Select = """
        select current_setting('server_version_num')::int, current_setting('server_encoding'), pg_is_in_recovery(), current_setting('transaction_read_only') = 'on',
          current_user::text, current_database()::text, has_database_privilege(current_database(), 'create'),
          s.oid is not null, coalesce(has_schema_privilege(s.oid, 'usage'), false), coalesce(has_schema_privilege(s.oid, 'create'), false),
          exists (select from pg_class c where c.relnamespace = s.oid and c.relname = 'version'),
          (select min(c.relname::text) from pg_class c where c.relnamespace = s.oid and c.relkind = 'r' and not (
             has_table_privilege(c.oid, 'select') and (c.relname = 'version'
             or has_table_privilege(c.oid, 'insert') and has_table_privilege(c.oid, 'update') and has_table_privilege(c.oid, 'delete'))))
        from (select) none left join pg_namespace s on s.nspname = @schema
        """;

    public required int ServerVersion { get; init; }
    public required string Encoding { get; init; }
    public required bool IsStandby { get; init; }
    public required bool IsReadOnly { get; init; }
    public required string User { get; init; }
    public required string Database { get; init; }
    public required bool MayCreateSchema { get; init; }
    public required bool HasSchema { get; init; }
    public required bool MayUse { get; init; }
    public required bool MayCreateTables { get; init; }
    public required bool HasVersion { get; init; }

    /// <summary>The first table that the user may not read or write, or <see langword="null"/>.</summary>
    public required string? Denied { get; init; }

    public static async Task<PostgresFacts> ReadAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Select, connection);
        command.Parameters.AddWithValue("schema", schema);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new()
        {
            ServerVersion = row.GetInt32(0),
            Encoding = row.GetString(1),
            IsStandby = row.GetBoolean(2),
            IsReadOnly = row.GetBoolean(3),
            User = row.GetString(4),
            Database = row.GetString(5),
            MayCreateSchema = row.GetBoolean(6),
            HasSchema = row.GetBoolean(7),
            MayUse = row.GetBoolean(8),
            MayCreateTables = row.GetBoolean(9),
            HasVersion = row.GetBoolean(10),
            Denied = row.IsDBNull(11) ? null : row.GetString(11),
        };
    }
}
