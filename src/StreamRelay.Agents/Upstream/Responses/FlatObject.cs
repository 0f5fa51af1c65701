using System.Text.Json;
using StreamRelay.Agents.Upstream.Answers;
using StreamRelay.Agents.Upstream.Requests;
using StreamRelay.Events;

namespace StreamRelay.Agents.Upstream.Responses;

/// <summary>Takes the fields of a member into the object itself: Chat Completions has them in a member that is named after the type.</summary>
internal static class FlatObject
{
    /// <summary>The object with the fields of its member in itself; the value as it is when it has no such member.</summary>
    public static JsonElement Create(JsonElement value, string member) =>
        value.Find(member, JsonValueKind.Object) is { } inner
            ? JsonElement.Parse(AgentEvents.Json(json =>
            {
                json.WriteFields(value.Fields([member, .. inner.Fields("type").Select(static field => field.Key)]));
                json.WriteFields(inner.Fields("type"));
            }).Span)
            : value;
}
