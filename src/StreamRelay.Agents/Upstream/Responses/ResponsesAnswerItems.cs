using System.Text.Json;
using StreamRelay.Agents.Upstream.Answers;

namespace StreamRelay.Agents.Upstream.Responses;

/// <summary>The items of an answer. An event belongs to the item with its id, else to the last one with its index, else to the last one of its type.</summary>
/// <remarks>Servers give an item another id in every event, all items one index, or do not say where an item begins.</remarks>
internal sealed class ResponsesAnswerItems(AnswerRelay relay)
{
    private readonly List<ResponsesAnswerItem> _items = [];

    /// <summary>Whether the client has to run tools.</summary>
    public bool HasCalls => _items.Exists(static item => item.Type == ResponsesItemType.Call);

    /// <summary>The item that an event belongs to; a new one if there is none.</summary>
    /// <param name="type">The type of the items that have such an event.</param>
    /// <param name="json">The event.</param>
    public ResponsesAnswerItem Find(ResponsesItemType type, JsonElement json)
    {
        var (id, index) = (json.FindText("item_id"), json.FindText("output_index"));
        return FindLast(type, id, index) ?? Create(type, id, index);
    }

    /// <summary>Begins an item.</summary>
    public async ValueTask BeginAsync(JsonElement json, JsonElement item, CancellationToken cancellationToken)
    {
        var (type, id, index) = (ResponsesAnswerItem.TypeOf(item), item.FindText("id"), json.FindText("output_index"));
        var known = _items.FindLast(other => other.Type == type && !other.IsEnded && ((id is not null && other.Id == id) || (!other.IsBegun && other.Index == index)));
        await (known ?? Create(type, id, index)).BeginAsync(item, cancellationToken);
    }

    /// <summary>Ends an item.</summary>
    public async ValueTask EndAsync(JsonElement json, JsonElement item, CancellationToken cancellationToken)
    {
        var (type, id, index) = (ResponsesAnswerItem.TypeOf(item), item.FindText("id"), json.FindText("output_index"));
        var known = FindLast(type, id, index);
        var isAnother = known is { IsEnded: true } && id is not null && known.Id != id;
        await (known is null || isAnother ? Create(type, id, index) : known).EndAsync(item, cancellationToken);
    }

    /// <summary>Publishes what a whole response has, and its events did not.</summary>
    public async ValueTask CompleteAsync(JsonElement response, CancellationToken cancellationToken)
    {
        if (response.Find("output") is not { } output)
            return;
        if (output.ValueKind != JsonValueKind.Array)
            throw AnswerFault.Field("output", output.ValueKind);

        List<ResponsesAnswerItem> open = [.. _items];
        foreach (var item in output.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
                throw AnswerFault.Field("output[0]", item.ValueKind);

            var (type, id) = (ResponsesAnswerItem.TypeOf(item), item.FindText("id"));
            var known = open.Find(other => other.Type == type && id is not null && other.Id == id) ?? open.Find(other => other.Type == type) ?? Create(type, id, null);
            open.Remove(known);
            await known.EndAsync(item, cancellationToken);
        }
    }

    private ResponsesAnswerItem? FindLast(ResponsesItemType type, string? id, string? index) =>
        _items.FindLast(item => item.Type == type && id is not null && item.Id == id)
            ?? (index is null && id is not null ? null : _items.FindLast(item => item.Type == type && (index is null || item.Index == index)));

    private ResponsesAnswerItem Create(ResponsesItemType type, string? id, string? index)
    {
        var item = new ResponsesAnswerItem(relay, type, _items.Count) { Id = id, Index = index };
        _items.Add(item);
        return item;
    }
}
