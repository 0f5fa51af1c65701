using Microsoft.Data.Sqlite;
using StreamRelay.Keys;
using StreamRelay.Storage.Database;

namespace StreamRelay.Storage.Keys;

/// <summary>Stores keys as rows of the database. Lists are texts with one item a line.</summary>
internal sealed class EmbeddedKeyStore(StoreDatabase database) : IKeyStore
{
    private const string Insert =
        "insert into api_keys (hash, owner, scopes, agents, requests, note, created, expires, used) values ($hash, $owner, $scopes, $agents, $requests, $note, $created, $expires, $used)";

    public async ValueTask AddAsync(StoredKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        await database.WriteDurablyAsync(session => session.Execute(Insert, ("$hash", key.Hash), ("$owner", key.Owner), ("$scopes", string.Join('\n', key.Scopes)),
            ("$agents", string.Join('\n', key.Agents)), ("$requests", key.RequestsPerMinute), ("$note", key.Note), ("$created", Stored(key.CreatedAt)), ("$expires", Stored(key.ExpiresAt)), ("$used", Stored(key.LastUsedAt))));
    }

    public ValueTask<IReadOnlyList<StoredKey>> ListAsync(CancellationToken cancellationToken) => new(database.Read(session =>
        session.List("select hash, owner, scopes, agents, requests, note, created, expires, used from api_keys order by created, hash", Read)));

    public async ValueTask ExpireAsync(string hash, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        await database.WriteDurablyAsync(session => session.Execute("update api_keys set expires = $at where hash = $hash and (expires is null or expires > $at)",
            ("$at", Stored(expiresAt)), ("$hash", hash)));

    public async ValueTask UseAsync(IReadOnlyDictionary<string, DateTimeOffset> uses, CancellationToken cancellationToken) =>
        await database.WriteAsync(session => uses.Sum(use =>
            session.Execute("update api_keys set used = $at where hash = $hash and (used is null or used < $at)", ("$at", Stored(use.Value)), ("$hash", use.Key))));

    private static StoredKey Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), Items(row.GetString(2)), Items(row.GetString(3)), row.GetInt32(4), row.IsDBNull(5) ? null : row.GetString(5),
        Time(row, 6)!.Value, Time(row, 7), Time(row, 8));

    private static string[] Items(string lines) => lines.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static DateTimeOffset? Time(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static long? Stored(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();
}
