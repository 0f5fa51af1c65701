using StreamRelay.Protocols.Json;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>An annotation of Chat Completions as a citation: a cited page is a result of a search, any other annotation is shown as it is.</summary>
internal static class AnthropicCitation
{
    /// <summary>Writes its members.</summary>
    /// <param name="json">Takes them.</param>
    /// <param name="annotation">An annotation of Chat Completions.</param>
    public static void Write(ref FrameJson json, ReadOnlyMemory<byte> annotation)
    {
        var page = JsonSlices.Member(annotation, "url_citation");
        if (page.IsEmpty)
        {
            JsonSlices.WriteMembers(ref json, annotation);
            return;
        }

        json.Token("type"u8, "web_search_result_location"u8);
        WriteText(ref json, "url"u8, JsonSlices.Member(page, "url"));
        WriteText(ref json, "title"u8, JsonSlices.Member(page, "title"));

        // Clients require both; the server of the model did not give them.
        json.Token("cited_text"u8, default);
        json.Token("encrypted_index"u8, default);
    }

    private static void WriteText(ref FrameJson json, ReadOnlySpan<byte> name, ReadOnlyMemory<byte> text)
    {
        if (text.IsEmpty)
            json.Null(name);
        else
            json.Value(name, text.Span);
    }
}
