using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using StreamRelay.Agents.Upstream.Requests;
using StreamRelay.Conversations;

namespace StreamRelay.Agents.Upstream.Messages;

/// <summary>Writes images and documents.</summary>
internal static class MessagesMedia
{
    private const string Pdf = "application/pdf";
    private const string PlainText = "text/plain";

    /// <summary>Whether this API has a form for it.</summary>
    public static bool CanWrite(MediaPart media) => media switch
    {
        { Kind: MediaKind.Image } => media.Data is not null || media.Url is not null || media.FileId is not null,
        { Kind: MediaKind.File, Data: { } data } => Type(media) == Pdf || (Type(media) == PlainText && Base64.IsValid(data)),
        { Kind: MediaKind.File } => media.Url is not null || media.FileId is not null,
        _ => false,
    };

    /// <summary>Writes it.</summary>
    /// <returns>The names of its fields that have no form in this API.</returns>
    public static IEnumerable<string> Write(Utf8JsonWriter json, MediaPart media)
    {
        json.WriteStartObject();
        json.WriteString("type", media.Kind == MediaKind.Image ? "image" : "document");
        json.WriteStartObject("source");
        WriteSource(json, media);
        json.WriteEndObject();
        if (media.Kind == MediaKind.File)
            json.WriteOptional("title", media.Name);

        json.WriteFields(media.Extras.Where(static extra => extra.Key is not ("source" or "title")));
        json.WriteEndObject();
        return media.Detail is null or "auto" ? [] : [$"{media.Field}.detail"];
    }

    private static void WriteSource(Utf8JsonWriter json, MediaPart media)
    {
        var isText = media.Kind == MediaKind.File && Type(media) == PlainText;
        json.WriteString("type", media.Data is not null ? isText ? "text" : "base64" : media.Url is not null ? "url" : "file");
        if (media.Data is null)
        {
            json.WriteString(media.Url is not null ? "url" : "file_id", media.Url ?? media.FileId);
            return;
        }

        json.WriteString("media_type", Type(media));
        json.WriteString("data", isText ? Encoding.UTF8.GetString(Convert.FromBase64String(media.Data)) : media.Data);
    }

    private static string? Type(MediaPart media) =>
        media.MediaType ?? (media.Kind == MediaKind.Image ? "image/png" : media.Name?.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase) == true ? Pdf : null);
}
