using StreamRelay.Protocols.Json;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>Annotations of this API have their fields in themselves; those of Chat Completions have them in a member named after their type.</summary>
internal static class ResponsesAnnotation
{
    /// <summary>The annotation as this API has it.</summary>
    /// <param name="annotation">An annotation of Chat Completions.</param>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> annotation)
    {
        var inner = JsonSlices.Member(annotation, "url_citation");
        return inner.IsEmpty ? annotation : JsonLine.Encode((ref FrameJson json) =>
        {
            json.BeginObject();
            json.Token("type"u8, "url_citation"u8);
            JsonSlices.WriteMembers(ref json, inner);
            json.EndObject();
        });
    }
}
