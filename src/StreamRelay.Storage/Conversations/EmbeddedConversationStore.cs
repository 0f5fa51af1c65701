using Microsoft.Data.Sqlite;
using StreamRelay.Conversations;
using StreamRelay.Storage.Database;

namespace StreamRelay.Storage.Conversations;

/// <summary>Stores conversations and their items as rows of the database. The sequence of the items is the order in which they were appended. Agents are a text with one agent a line.</summary>
internal sealed class EmbeddedConversationStore(StoreDatabase database) : IConversationStore
{
    private const string Insert =
        "insert into conversations (id, owner, created, used, metadata, agents, items, bytes) values ($id, $owner, $created, $created, $metadata, '', 0, 0)";

    private const string InsertItem = "insert into conversation_items (conversation, id, json) values ($conversation, $id, $json) on conflict do nothing";

    private const string Count = "update conversations set items = items + $items, bytes = bytes + $bytes where id = $id";

    private const string Sequence = "select i.sequence from conversation_items i join conversations c on c.id = i.conversation where c.id = $id and c.owner = $owner and i.id = $item";

    private const string Oldest =
        "select i.id, i.json from conversation_items i join conversations c on c.id = i.conversation where c.id = $id and c.owner = $owner and i.sequence > $after order by i.sequence limit $limit";

    private const string Newest =
        "select i.id, i.json from conversation_items i join conversations c on c.id = i.conversation where c.id = $id and c.owner = $owner and i.sequence < $after order by i.sequence desc limit $limit";

    public async ValueTask AddAsync(StoredConversation conversation, IReadOnlyList<ConversationItem> items, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conversation);
        ArgumentNullException.ThrowIfNull(items);
        await database.WriteAsync(session =>
        {
            session.Execute(Insert, ("$id", conversation.Id), ("$owner", conversation.Owner), ("$created", Stored(conversation.CreatedAt)), ("$metadata", conversation.Metadata.ToArray()));
            return AddItems(session, conversation.Id, items);
        });
    }

    public ValueTask<StoredConversation?> FindAsync(string owner, string id, CancellationToken cancellationToken) => new(database.Read(session => session.Find(
        "select id, owner, created, metadata, used, agents, items, bytes from conversations where id = $id and owner = $owner", Read, ("$id", id), ("$owner", owner))));

    public async ValueTask<bool> SetMetadataAsync(string owner, string id, ReadOnlyMemory<byte> metadata, CancellationToken cancellationToken) =>
        await database.WriteAsync(session => session.Execute("update conversations set metadata = $metadata where id = $id and owner = $owner",
            ("$metadata", metadata.ToArray()), ("$id", id), ("$owner", owner))) > 0;

    public async ValueTask<bool> AppendAsync(string owner, string id, ConversationAddition addition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(addition);
        return await database.WriteAsync(session =>
        {
            if (session.Find("select agents from conversations where id = $id and owner = $owner", row => row.GetString(0), ("$id", id), ("$owner", owner)) is not { } agents)
                return false;

            var all = addition.Agent is null ? Lines(agents) : [.. Lines(agents).Union([addition.Agent])];
            session.Execute("update conversations set used = max(used, $used), agents = $agents where id = $id",
                ("$used", Stored(addition.At)), ("$agents", string.Join('\n', all)), ("$id", id));
            AddItems(session, id, addition.Items);
            return true;
        });
    }

    public ValueTask<IReadOnlyList<ConversationItem>?> ListAsync(string owner, string id, ConversationItemQuery query, CancellationToken cancellationToken) =>
        new(database.Read<IReadOnlyList<ConversationItem>?>(session =>
        {
            var after = query.After is null ? query.Descending ? long.MaxValue : 0 : FindSequence(session, owner, id, query.After);
            return after is null ? null : session.List(query.Descending ? Newest : Oldest, ReadItem, ("$id", id), ("$owner", owner), ("$after", after), ("$limit", query.Limit));
        }));

    public ValueTask<ConversationItem?> FindItemAsync(string owner, string id, string item, CancellationToken cancellationToken) => new(database.Read(session =>
        FindSequence(session, owner, id, item) is { } sequence
            ? session.Find("select id, json from conversation_items where sequence = $sequence", ReadItem, ("$sequence", sequence))
            : null));

    public async ValueTask<bool> DeleteItemAsync(string owner, string id, string item, CancellationToken cancellationToken) => await database.WriteAsync(session =>
    {
        if (FindSequence(session, owner, id, item) is not { } sequence)
            return false;

        var bytes = session.Find("select length(json) from conversation_items where sequence = $sequence", row => row.GetInt64(0), ("$sequence", sequence));
        session.Execute("delete from conversation_items where sequence = $sequence", ("$sequence", sequence));
        session.Execute(Count, ("$items", -1), ("$bytes", -bytes), ("$id", id));
        return true;
    });

    public async ValueTask<bool> DeleteAsync(string owner, string id, CancellationToken cancellationToken) => await database.WriteAsync(session =>
    {
        if (session.Execute("delete from conversations where id = $id and owner = $owner", ("$id", id), ("$owner", owner)) == 0)
            return false;

        DeleteItems(session, id);
        return true;
    });

    public async ValueTask<int> DeleteUnusedAsync(DateTimeOffset usedBefore, int limit, CancellationToken cancellationToken)
    {
        // Nothing is written while nothing is too old.
        if (database.Read(session => ListUnused(session, usedBefore, 1)).Count == 0)
            return 0;

        return await database.WriteAsync(session =>
        {
            var unused = ListUnused(session, usedBefore, limit);
            foreach (var id in unused)
            {
                DeleteItems(session, id);
                session.Execute("delete from conversations where id = $id", ("$id", id));
            }

            return unused.Count;
        });
    }

    private static List<string> ListUnused(DatabaseSession session, DateTimeOffset usedBefore, int limit) => session.List(
        "select id from conversations where used < $before order by used limit $limit", row => row.GetString(0), ("$before", Stored(usedBefore)), ("$limit", limit));

    private static int AddItems(DatabaseSession session, string id, IReadOnlyList<ConversationItem> items)
    {
        ConversationItem[] added = [.. items.Where(item =>
            session.Execute(InsertItem, ("$conversation", id), ("$id", item.Id), ("$json", item.Json.ToArray())) > 0)];
        return session.Execute(Count, ("$items", added.Length), ("$bytes", added.Sum(item => (long)item.Json.Length)), ("$id", id));
    }

    private static void DeleteItems(DatabaseSession session, string id) => session.Execute("delete from conversation_items where conversation = $id", ("$id", id));

    private static long? FindSequence(DatabaseSession session, string owner, string id, string item) =>
        session.Find(Sequence, row => (long?)row.GetInt64(0), ("$id", id), ("$owner", owner), ("$item", item));

    private static StoredConversation Read(SqliteDataReader row) => new(row.GetString(0), row.GetString(1), Time(row.GetInt64(2)), row.GetFieldValue<byte[]>(3))
    {
        UsedAt = Time(row.GetInt64(4)),
        Agents = Lines(row.GetString(5)),
        Items = row.GetInt64(6),
        Bytes = row.GetInt64(7),
    };

    private static ConversationItem ReadItem(SqliteDataReader row) => new(row.GetString(0), row.GetFieldValue<byte[]>(1));

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static long Stored(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
}
