using Npgsql;
using NpgsqlTypes;
using StreamRelay.Keys;

namespace StreamRelay.Postgres;

/// <summary>Stores keys as rows of the database, for all nodes.</summary>
internal sealed class PostgresKeyStore(PostgresDatabase database) : IKeyStore
{
    public async ValueTask AddAsync(StoredKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);

        // After a lost reply the insert is repeated.
        const string sql = """
            insert into streamrelay.api_keys (hash, owner, scopes, agents, requests, note, created_at, expires_at, used_at)
            values (@hash, @owner, @scopes, @agents, @requests, @note, @created, @expires, @used) on conflict do nothing
            """;
        await ExecuteAsync(sql, cancellationToken, ("hash", key.Hash), ("owner", key.Owner), ("scopes", key.Scopes.ToArray()), ("agents", key.Agents.ToArray()),
            ("requests", key.RequestsPerMinute), ("note", key.Note), ("created", Stored(key.CreatedAt)), ("expires", Stored(key.ExpiresAt)), ("used", Stored(key.LastUsedAt)));
    }

    public async ValueTask<IReadOnlyList<StoredKey>> ListAsync(CancellationToken cancellationToken) => await database.RunAsync(async (connection, _) =>
    {
        await using var command = new NpgsqlCommand(
            "select hash, owner, scopes, agents, requests, note, created_at, expires_at, used_at from streamrelay.api_keys order by created_at, hash", connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        List<StoredKey> found = [];
        while (await row.ReadAsync(cancellationToken))
        {
            found.Add(new(row.GetString(0), row.GetString(1), row.GetFieldValue<string[]>(2), row.GetFieldValue<string[]>(3),
                row.GetInt32(4), row.IsDBNull(5) ? null : row.GetString(5), Time(row, 6)!.Value, Time(row, 7), Time(row, 8)));
        }

        return found;
    }, cancellationToken);

    public async ValueTask ExpireAsync(string hash, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        await ExecuteAsync("update streamrelay.api_keys set expires_at = @at where hash = @hash and (expires_at is null or expires_at > @at)",
            cancellationToken, ("hash", hash), ("at", Stored(expiresAt)));

    public async ValueTask UseAsync(IReadOnlyDictionary<string, DateTimeOffset> uses, CancellationToken cancellationToken) =>
        await ExecuteAsync("""
            update streamrelay.api_keys set used_at = use.at from unnest(@hashes, @times) as use (hash, at)
            where api_keys.hash = use.hash and (used_at is null or used_at < use.at)
            """, cancellationToken, ("hashes", uses.Keys.ToArray()), ("times", uses.Values.Select(time => time.ToUnixTimeMilliseconds()).ToArray()));

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static long? Stored(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    private async ValueTask ExecuteAsync(string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] values) =>
        await database.RunAsync(async (connection, _) =>
        {
            await using var command = new NpgsqlCommand(sql, connection);
            foreach (var (name, value) in values)
            {
                if (value is null)
                    command.Parameters.Add(new(name, name == "note" ? NpgsqlDbType.Text : NpgsqlDbType.Bigint) { Value = DBNull.Value });
                else
                    command.Parameters.AddWithValue(name, value is string text ? PostgresText.From(text) : value);
            }

            return await command.ExecuteNonQueryAsync(cancellationToken);
        }, cancellationToken);
}
