using System.Text.Json;
using StreamRelay.Agents.Upstream.Requests;
using StreamRelay.Conversations;

namespace StreamRelay.Agents.Upstream.Responses;

/// <summary>Writes the content of a message, or the output of a tool.</summary>
/// <param name="json">The request.</param>
/// <param name="dropped">Gets the names of the parts that have no form in this API.</param>
/// <param name="isAssistant">Whether the assistant says it; text has another type there, and media have no form.</param>
internal sealed class ResponsesContentWriter(Utf8JsonWriter json, List<string> dropped, bool isAssistant)
{
    private static readonly string[] MediaFields = ["image_url", "detail", "input_audio", "filename", "file_url", "file_data", "file_id"];

    /// <summary>Writes parts: text without anything else as a text, else a list.</summary>
    public void Write(string name, IReadOnlyList<ConversationPart> parts)
    {
        if (parts is [TextPart { Extras.Count: 0 } text] && !isAssistant)
        {
            json.WriteString(name, text.Text);
            return;
        }

        json.WriteStartArray(name);
        foreach (var part in parts)
            Write(part);

        json.WriteEndArray();
    }

    private void Write(ConversationPart part)
    {
        switch (part)
        {
            case TextPart text:
                WriteText(isAssistant ? "output_text" : "input_text", "text", text.Text, text);
                break;
            case RefusalPart refusal:
                WriteText("refusal", "refusal", refusal.Text, refusal);
                break;
            case MediaPart media when !isAssistant && CanWrite(media):
                WriteMedia(media);
                break;
            case MediaPart media:
                dropped.Add(media.Field);
                break;
            case UnknownPart unknown:
                dropped.Add(unknown.Field);
                break;
        }
    }

    private void WriteText(string type, string name, string text, ConversationPart part)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString(name, text);
        json.WriteFields(part.Extras);
        json.WriteEndObject();
    }

    private static bool CanWrite(MediaPart media) => media.Kind switch
    {
        MediaKind.Image or MediaKind.File => media.Data is not null || media.Url is not null || media.FileId is not null,
        MediaKind.Audio => media.Data is not null && media.MediaType is not null,
        _ => false,
    };

    private void WriteMedia(MediaPart media)
    {
        json.WriteStartObject();
        switch (media.Kind)
        {
            case MediaKind.Image:
                json.WriteString("type", "input_image");
                json.WriteOptional("image_url", media.Address("image/png"));
                json.WriteOptional("detail", media.Detail);
                break;
            case MediaKind.Audio:
                WriteAudio(media);
                break;
            default:
                json.WriteString("type", "input_file");
                json.WriteOptional("filename", media.Name);
                json.WriteOptional(media.Data is null ? "file_url" : "file_data", media.Address("application/octet-stream"));
                break;
        }

        json.WriteOptional("file_id", media.Data is null && media.Url is null ? media.FileId : null);
        json.WriteFields(media.Extras.Where(static extra => !MediaFields.Contains(extra.Key)));
        json.WriteEndObject();
    }

    private void WriteAudio(MediaPart media)
    {
        json.WriteString("type", "input_audio");
        json.WriteStartObject("input_audio");
        json.WriteString("data", media.Data);
        json.WriteString("format", media.MediaType is "audio/mpeg" ? "mp3" : media.MediaType!.Split('/')[^1]);
        json.WriteEndObject();
    }
}
