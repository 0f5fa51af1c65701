using System.Text.Json;

namespace StreamRelay.Conversations;

/// <summary>Reads the content of a message or of a tool's result: a text, or a list of parts.</summary>
internal static class ContentReader
{
    /// <summary>Reads the parts.</summary>
    /// <param name="content">The content, or <see langword="null"/>.</param>
    /// <param name="field">The field that it came in.</param>
    public static IReadOnlyList<ConversationPart> Read(JsonElement? content, string field) => content switch
    {
        { ValueKind: JsonValueKind.String } text => [new TextPart(text.GetString()!)],
        { ValueKind: JsonValueKind.Array } parts => [.. parts.EnumerateArray().Select((part, index) => ReadPart(part, $"{field}[{index}]"))],
        { } other => [new UnknownPart(other, field)],
        null => [],
    };

    private static ConversationPart ReadPart(JsonElement part, string field) => part.FindText("type") switch
    {
        "text" or "input_text" or "output_text" => new TextPart(part.FindText("text") ?? "") { Extras = part.Others("type", "text") },
        "refusal" => new RefusalPart(part.FindText("refusal") ?? ""),
        "image_url" => ReadImage(part, field),
        "input_audio" => ReadAudio(part, field),
        "file" => ReadFile(part, field),
        ConversationJson.Attachment => ReadAttachment(part, field),
        _ => new UnknownPart(part, field),
    };

    private static ConversationPart ReadImage(JsonElement part, string field)
    {
        var image = part.Find("image_url") ?? default;
        var address = image.ValueKind == JsonValueKind.String ? image.GetString() : image.FindText("url");
        return address is null
            ? new UnknownPart(part, field)
            : new MediaPart(MediaKind.Image) { Detail = image.FindText("detail"), Field = field, Extras = part.Others("type", "image_url") }.At(address);
    }

    private static ConversationPart ReadAudio(JsonElement part, string field)
    {
        var audio = part.Find("input_audio") ?? default;
        var type = audio.FindText("format") switch
        {
            "mp3" => "audio/mpeg",
            { } format => $"audio/{format}",
            null => null,
        };
        return audio.FindText("data") is { } data
            ? new MediaPart(MediaKind.Audio) { Data = data, MediaType = type, Field = field, Extras = part.Others("type", "input_audio") }
            : new UnknownPart(part, field);
    }

    private static ConversationPart ReadFile(JsonElement part, string field)
    {
        var content = part.Find("file") ?? default;
        var file = new MediaPart(MediaKind.File)
        {
            Name = content.FindText("filename"),
            FileId = content.FindText("file_id"),
            Field = field,
            Extras = part.Others("type", "file"),
        };
        return content.FindText("file_data") is { } data ? file.At(data) is { Data: not null } withType ? withType : file with { Data = data }
            : file.FileId is null ? new UnknownPart(part, field)
            : file;
    }

    private static ConversationPart ReadAttachment(JsonElement part, string field)
    {
        var attachment = part.Find(ConversationJson.Attachment) ?? default;
        return Enum.TryParse<MediaKind>(attachment.FindText("kind"), ignoreCase: true, out var kind)
            ? new MediaPart(kind)
            {
                Field = attachment.FindText("field") ?? field,
                MediaType = attachment.FindText("media_type"),
                Name = attachment.FindText("name"),
                Url = attachment.FindText("url"),
                Data = attachment.FindText("data"),
                FileId = attachment.FindText("file_id"),
                Extras = part.Others("type", ConversationJson.Attachment),
            }
            : new UnknownPart(part, field);
    }
}
