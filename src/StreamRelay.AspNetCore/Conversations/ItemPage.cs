using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Json;

namespace StreamRelay.AspNetCore.Conversations;

/// <summary>A page of a list of items, as clients see it.</summary>
/// <param name="Items">The items.</param>
/// <param name="HasMore">Whether more follow.</param>
internal sealed record ItemPage(IReadOnlyList<ConversationItem> Items, bool HasMore)
{
    // The items, and the JSON with them.
    private const long Copies = 2;

    /// <summary>The page that a store has read for a query of <see cref="ItemPageQuery"/>.</summary>
    public static ItemPage Of(ConversationItemQuery query, IReadOnlyList<ConversationItem> read) =>
        read.Count == query.Limit ? new([.. read.Take(query.Limit - 1)], true) : new(read, false);

    /// <summary>The page of a list that is in memory.</summary>
    /// <exception cref="Protocols.Requests.RequestException">400: the list does not have the item that the query names.</exception>
    public static ItemPage Select(ConversationItemQuery query, IReadOnlyList<ConversationItem> all)
    {
        List<ConversationItem> ordered = [.. query.Descending ? all.Reverse() : all];
        var first = query.After is null ? 0 : ordered.FindIndex(item => item.Id == query.After) + 1;
        if (query.After is not null && first == 0)
            throw ItemPageQuery.NoSuchItem(query.After);

        return Of(query, [.. ordered.Skip(first).Take(query.Limit)]);
    }

    /// <summary>The answer with the page.</summary>
    /// <exception cref="Streams.MemoryBudgetException">The memory is used up.</exception>
    public IResult ToResult(HttpContext context)
    {
        RequestMemory.Take(context, Copies * Items.Sum(static item => (long)item.Json.Length));
        var buffer = new Utf8Buffer(1024);
        var json = new FrameJson(buffer);
        json.BeginObject();
        json.Token("object"u8, "list"u8);
        json.BeginArray("data"u8);
        foreach (var item in Items)
            json.Value(item.Json.Span);

        json.EndArray();
        WriteId(ref json, "first_id"u8, Items is [var first, ..] ? first : null);
        WriteId(ref json, "last_id"u8, Items is [.., var last] ? last : null);
        json.Boolean("has_more"u8, HasMore);
        json.EndObject();
        return new LargeJson(buffer.WrittenMemory);
    }

    private static void WriteId(ref FrameJson json, ReadOnlySpan<byte> name, ConversationItem? item)
    {
        if (item is null)
            json.Null(name);
        else
            json.Text(name, item.Id);
    }
}
