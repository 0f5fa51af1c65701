using Npgsql;
using StreamRelay.Conversations;

namespace StreamRelay.Postgres;

/// <summary>Stores conversations and their items as rows, for all nodes. Who changes the items of a conversation locks its row first, so that additions follow one another.</summary>
internal sealed class PostgresConversationStore(PostgresDatabase database) : IConversationStore
{
    private const string Own = "where id = @id and owner = @owner";

    private const string Item = "from streamrelay.conversation_items i join streamrelay.conversations c on c.id = i.conversation where c.id = @id and c.owner = @owner";

    // After a lost reply the insert is repeated.
    private const string Insert = """
        insert into streamrelay.conversations (id, owner, created_at, used_at, metadata, agents, items, bytes)
        values (@id, @owner, @created, @created, @metadata, '{}', 0, 0) on conflict do nothing returning 1
        """;

    private const string Use = $"""
        update streamrelay.conversations set used_at = greatest(used_at, @used),
          agents = case when @agent = '' or @agent = any (agents) then agents else agents || @agent end {Own} returning 1
        """;

    private const string AddItems = """
        with added as (
          insert into streamrelay.conversation_items (conversation, id, json)
          select @id, i.id, i.json from unnest(@ids, @jsons) with ordinality as i (id, json, number) order by i.number
          on conflict do nothing returning octet_length(json) as bytes)
        update streamrelay.conversations set items = items + (select count(*) from added), bytes = bytes + (select coalesce(sum(bytes), 0) from added) where id = @id returning 1
        """;

    private const string DeleteItem = """
        with deleted as (delete from streamrelay.conversation_items where conversation = @id and id = @item returning octet_length(json) as bytes)
        update streamrelay.conversations set items = items - 1, bytes = conversations.bytes - deleted.bytes from deleted where id = @id returning 1
        """;

    // A conversation that is being used is kept.
    private const string DeleteUnused = """
        delete from streamrelay.conversations where id = any (array(
          select id from streamrelay.conversations where used_at < @before order by used_at limit @limit for update skip locked))
        """;

    public async ValueTask AddAsync(StoredConversation conversation, IReadOnlyList<ConversationItem> items, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conversation);
        await ChangeAsync(Insert, (connection, _) => AddItemsAsync(connection, conversation.Id, items, cancellationToken), cancellationToken,
            ("id", conversation.Id), ("owner", conversation.Owner), ("created", Stored(conversation.CreatedAt)), ("metadata", conversation.Metadata.ToArray()));
    }

    public ValueTask<StoredConversation?> FindAsync(string owner, string id, CancellationToken cancellationToken) => FindAsync(
        $"select id, owner, created_at, metadata, used_at, agents, items, bytes from streamrelay.conversations {Own}", Read, owner, id, cancellationToken);

    public ValueTask<bool> SetMetadataAsync(string owner, string id, ReadOnlyMemory<byte> metadata, CancellationToken cancellationToken) => database.RunAsync((connection, _) => ExecuteAsync(
        connection, $"update streamrelay.conversations set metadata = @metadata {Own} returning 1", cancellationToken, ("id", id), ("owner", owner), ("metadata", metadata.ToArray())),
        cancellationToken);

    public ValueTask<bool> AppendAsync(string owner, string id, ConversationAddition addition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(addition);
        return ChangeAsync(Use, (connection, _) => AddItemsAsync(connection, id, addition.Items, cancellationToken), cancellationToken,
            ("id", id), ("owner", owner), ("used", Stored(addition.At)), ("agent", addition.Agent ?? ""));
    }

    public async ValueTask<IReadOnlyList<ConversationItem>?> ListAsync(string owner, string id, ConversationItemQuery query, CancellationToken cancellationToken)
    {
        var after = query.After is not null ? await FindAsync($"select i.sequence {Item} and i.id = @item", row => (long?)row.GetInt64(0), owner, id, cancellationToken, ("item", query.After))
            : query.Descending ? long.MaxValue : 0;
        return after is null ? null : await database.RunAsync<IReadOnlyList<ConversationItem>>(async (connection, _) =>
        {
            var (compare, order) = query.Descending ? ("<", "desc") : (">", "asc");
            await using var command = Command(connection, $"select i.id, i.json {Item} and i.sequence {compare} @after order by i.sequence {order} limit @limit",
                ("id", id), ("owner", owner), ("after", after), ("limit", query.Limit));
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            List<ConversationItem> found = [];
            while (await row.ReadAsync(cancellationToken))
                found.Add(ReadItem(row));

            return found;
        }, cancellationToken);
    }

    public ValueTask<ConversationItem?> FindItemAsync(string owner, string id, string item, CancellationToken cancellationToken) =>
        FindAsync($"select i.id, i.json {Item} and i.id = @item", ReadItem, owner, id, cancellationToken, ("item", item));

    public ValueTask<bool> DeleteItemAsync(string owner, string id, string item, CancellationToken cancellationToken) => ChangeAsync(
        $"select 1 from streamrelay.conversations {Own} for update",
        async (connection, lost) => await ExecuteAsync(connection, DeleteItem, cancellationToken, ("id", id), ("item", item)) || lost, cancellationToken,
        ("id", id), ("owner", owner));

    // What is missing after a lost reply was deleted by this call.
    public ValueTask<bool> DeleteAsync(string owner, string id, CancellationToken cancellationToken) => database.RunAsync(async (connection, lost) =>
        await ExecuteAsync(connection, $"delete from streamrelay.conversations {Own} returning 1", cancellationToken, ("id", id), ("owner", owner)) || lost, cancellationToken);

    public ValueTask<int> DeleteUnusedAsync(DateTimeOffset usedBefore, int limit, CancellationToken cancellationToken) => database.RunAsync(async (connection, _) =>
    {
        await using var command = Command(connection, DeleteUnused, ("before", Stored(usedBefore)), ("limit", limit));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }, cancellationToken);

    /// <summary>Changes or locks a conversation, and then its items, in one transaction.</summary>
    /// <returns><see langword="false"/> when one of the two changed nothing.</returns>
    private ValueTask<bool> ChangeAsync(
        string sql, Func<NpgsqlConnection, bool, Task<bool>> items, CancellationToken cancellationToken, params (string Name, object Value)[] values) =>
        database.RunAsync(async (connection, lost) =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var isChanged = await ExecuteAsync(connection, sql, cancellationToken, values) && await items(connection, lost);
            await transaction.CommitAsync(cancellationToken);
            return isChanged;
        }, cancellationToken);

    private ValueTask<T?> FindAsync<T>(
        string sql, Func<NpgsqlDataReader, T?> read, string owner, string id, CancellationToken cancellationToken, params (string Name, object Value)[] values) =>
        database.RunAsync(async (connection, _) =>
        {
            await using var command = Command(connection, sql, [("id", id), ("owner", owner), .. values]);
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            return await row.ReadAsync(cancellationToken) ? read(row) : default;
        }, cancellationToken);

    private static async Task<bool> AddItemsAsync(NpgsqlConnection connection, string id, IReadOnlyList<ConversationItem> items, CancellationToken cancellationToken) =>
        items.Count == 0 || await ExecuteAsync(connection, AddItems, cancellationToken,
            ("id", id), ("ids", items.Select(item => PostgresText.From(item.Id)).ToArray()), ("jsons", items.Select(item => item.Json.ToArray()).ToArray()));

    /// <returns>Whether the statement returned a row.</returns>
    private static async Task<bool> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params (string Name, object Value)[] values)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params (string Name, object Value)[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value is string text ? PostgresText.From(text) : value);

        return command;
    }

    private static StoredConversation Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1), Time(row.GetInt64(2)), row.GetFieldValue<byte[]>(3))
    {
        UsedAt = Time(row.GetInt64(4)),
        Agents = row.GetFieldValue<string[]>(5),
        Items = row.GetInt64(6),
        Bytes = row.GetInt64(7),
    };

    private static ConversationItem ReadItem(NpgsqlDataReader row) => new(row.GetString(0), row.GetFieldValue<byte[]>(1));

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static long Stored(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
}
