using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Conversations;
using StreamRelay.Protocols.OpenAiResponses;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Conversations;

/// <summary>Reads which page of a list of items a request asks for.</summary>
internal static class ItemPageQuery
{
    private const int DefaultLimit = 20;
    private const int MostItems = 100;

    /// <summary>The query, with one item more than the page has, which says whether another page follows. The newest item is the first, unless the request asks for <c>order=asc</c>.</summary>
    /// <exception cref="RequestException">400, naming the parameter that is wrong.</exception>
    public static ConversationItemQuery Read(IQueryCollection query)
    {
        ResponsesInclude.Check(Include(query));
        var newestFirst = query.Text("order") switch { null or "desc" => true, "asc" => false, _ => throw QueryValues.Wrong("order", "asc or desc") };
        return new(query.Text("after"), newestFirst, 1 + query.Number("limit", DefaultLimit, MostItems));
    }

    /// <summary>What the request asks to be included; clients write the list in several ways.</summary>
    public static string?[] Include(IQueryCollection query) => [.. query.Where(static pair => pair.Key is "include" or "include[]").SelectMany(static pair => pair.Value)];

    /// <summary>The answer for an item that is not in the list.</summary>
    public static RequestException NoSuchItem(string? after) =>
        RequestException.Invalid($"'after' must be the id of an item of the list, and '{after}' is none.", "after", "invalid_value");
}
