using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>Writes what a text cites in the form of Chat Completions, which has the fields of a citation in a member that is named after its type.</summary>
internal static class AnswerAnnotation
{
    private const string UrlCitation = "url_citation";

    /// <summary>A list with the page that an object with <c>url</c> cites.</summary>
    public static ReadOnlyMemory<byte> List(JsonElement citation)
    {
        var annotation = AgentEvents.Json(json => Write(json, citation));
        return (byte[])[(byte)'[', .. annotation.Span, (byte)']'];
    }

    private static void Write(Utf8JsonWriter json, JsonElement citation)
    {
        json.WriteString("type", UrlCitation);
        json.WriteStartObject(UrlCitation);
        foreach (var field in citation.EnumerateObject().Where(static field => field.Name != "type" && field.Value.ValueKind != JsonValueKind.Null).DistinctBy(static field => field.Name))
            json.WriteValue(field.Name, field.Value);

        json.WriteEndObject();
    }
}
