using StreamRelay.Events;
using StreamRelay.Protocols.Json;

namespace StreamRelay.Protocols.AiSdk;

/// <summary>A page that an annotation cites. What is missing is empty.</summary>
/// <param name="Url">Its address.</param>
/// <param name="Title">Its title.</param>
internal readonly record struct SourceMetadata(string Url, string Title)
{
    /// <summary>Reads an annotation of Chat Completions.</summary>
    public static SourceMetadata Read(ReadOnlyMemory<byte> annotation)
    {
        var result = new SourceMetadata("", "");
        if (JsonSlices.Member(annotation, "url_citation") is not { IsEmpty: false } citation || citation.Span[0] != (byte)'{')
            return result;

        var fields = new MetadataReader(citation);
        while (fields.Read())
        {
            if (fields.Is("url"u8))
                result = result with { Url = fields.Text() };
            else if (fields.Is("title"u8))
                result = result with { Title = fields.Text() };
        }

        return result;
    }
}
