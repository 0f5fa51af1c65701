using System.Text.Json;

namespace StreamRelay.Conversations;

/// <summary>Writes media in the form in which tasks keep them.</summary>
internal static class ConversationMedia
{
    /// <summary>Writes media of the user in the form of Chat Completions, else as an attachment.</summary>
    public static void Write(Utf8JsonWriter json, MediaPart media)
    {
        switch (media)
        {
            case { Kind: MediaKind.Image } when media.Address("image/png") is { } address:
                WriteImage(json, media, address);
                break;
            case { Kind: MediaKind.Audio, Data: { } data } when AudioFormat(media.MediaType) is { } format:
                WriteAudio(json, media, data, format);
                break;
            case { Kind: MediaKind.File, Data: not null } or { Kind: MediaKind.File, FileId: not null }:
                WriteFile(json, media);
                break;
            default:
                WriteAttachment(json, media);
                break;
        }
    }

    /// <summary>Writes media that have no form in Chat Completions.</summary>
    public static void WriteAttachment(Utf8JsonWriter json, MediaPart media)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, ConversationJson.Attachment);
        json.WriteStartObject(ConversationJson.Attachment);
        json.WriteString("field"u8, media.Field);
        json.WriteString("kind"u8, media.Kind.ToString().ToLowerInvariant());
        WriteOptional(json, "media_type", media.MediaType);
        WriteOptional(json, "name", media.Name);
        WriteOptional(json, "url", media.Url);
        WriteOptional(json, "data", media.Data);
        WriteOptional(json, "file_id", media.FileId);
        json.WriteEndObject();
        ConversationJson.WriteExtras(json, media.Extras);
        json.WriteEndObject();
    }

    private static void WriteImage(Utf8JsonWriter json, MediaPart media, string address)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "image_url"u8);
        json.WriteStartObject("image_url"u8);
        json.WriteString("url"u8, address);
        WriteOptional(json, "detail", media.Detail);
        json.WriteEndObject();
        ConversationJson.WriteExtras(json, media.Extras);
        json.WriteEndObject();
    }

    private static void WriteAudio(Utf8JsonWriter json, MediaPart media, string data, string format)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "input_audio"u8);
        json.WriteStartObject("input_audio"u8);
        json.WriteString("data"u8, data);
        json.WriteString("format"u8, format);
        json.WriteEndObject();
        ConversationJson.WriteExtras(json, media.Extras);
        json.WriteEndObject();
    }

    private static void WriteFile(Utf8JsonWriter json, MediaPart media)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "file"u8);
        json.WriteStartObject("file"u8);
        WriteOptional(json, "filename", media.Name);
        WriteOptional(json, "file_data", media.Data is null ? null : media.Address("application/octet-stream"));
        WriteOptional(json, "file_id", media.Data is null ? media.FileId : null);
        json.WriteEndObject();
        ConversationJson.WriteExtras(json, media.Extras);
        json.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    /// <summary>The formats that Chat Completions has.</summary>
    private static string? AudioFormat(string? mediaType) => mediaType?.ToLowerInvariant() switch
    {
        "audio/wav" or "audio/x-wav" or "audio/wave" or "audio/vnd.wave" => "wav",
        "audio/mpeg" or "audio/mp3" => "mp3",
        _ => null,
    };
}
