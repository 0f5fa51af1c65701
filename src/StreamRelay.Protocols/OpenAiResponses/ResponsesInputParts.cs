using System.Text.Json;
using StreamRelay.Conversations;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>Writes the content of a stored message as the parts of this API, as the reader of requests reads them.</summary>
internal static class ResponsesInputParts
{
    /// <summary>Writes the parts.</summary>
    /// <param name="json">Takes them.</param>
    /// <param name="role">The role of the message.</param>
    /// <param name="content">A text, or a list of parts.</param>
    public static void Write(Utf8JsonWriter json, string role, JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            WriteText(json, role, content, []);
            return;
        }

        foreach (var part in content.ValueKind == JsonValueKind.Array ? content.EnumerateArray() : default)
            WritePart(json, role, part);
    }

    /// <summary>Writes the text with which a model refused.</summary>
    public static void WriteRefusal(Utf8JsonWriter json, JsonElement text)
    {
        json.WriteStartObject();
        json.WriteString("type", "refusal");
        json.WritePropertyName("refusal");
        text.WriteTo(json);
        json.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter json, string role, JsonElement part)
    {
        var type = Text(part, "type");
        if (type is "text" or "input_text" or "output_text" && part.TryGetProperty("text", out var text))
            WriteText(json, role, text, Others(part, "text"));
        else if (type is "image_url" or "file" && part.TryGetProperty(type, out var media) && media.ValueKind == JsonValueKind.Object)
            WriteMedia(json, type == "file" ? "input_file" : "input_image", media, Others(part, type));
        else if (type == ConversationJson.Attachment && part.TryGetProperty(type, out var attachment))
            WriteAttachment(json, attachment);
        else
            part.WriteTo(json);
    }

    private static void WriteText(Utf8JsonWriter json, string role, JsonElement text, IEnumerable<JsonProperty> others)
    {
        var isAnswer = role == "assistant";
        json.WriteStartObject();
        json.WriteString("type", isAnswer ? "output_text" : "input_text");
        json.WritePropertyName("text");
        text.WriteTo(json);
        if (isAnswer)
        {
            json.WriteStartArray("annotations");
            json.WriteEndArray();
        }

        WriteAll(json, others);
        json.WriteEndObject();
    }

    /// <summary>Writes media, whose fields are in the part itself here. An image has its address in <c>image_url</c>.</summary>
    private static void WriteMedia(Utf8JsonWriter json, string type, JsonElement media, IEnumerable<JsonProperty> others)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        if (media.TryGetProperty("url", out var url))
            json.WriteString("image_url", url.GetString());

        WriteAll(json, media.EnumerateObject().Where(static field => field.Name != "url").Concat(others));
        json.WriteEndObject();
    }

    private static void WriteAttachment(Utf8JsonWriter json, JsonElement attachment)
    {
        var isImage = Text(attachment, "kind") == "image";
        var media = new MediaPart(isImage ? MediaKind.Image : MediaKind.File)
        {
            Data = Text(attachment, "data"),
            MediaType = Text(attachment, "media_type"),
            Url = Text(attachment, "url"),
        };
        json.WriteStartObject();
        json.WriteString("type", isImage ? "input_image" : "input_file");
        WriteOptional(json, "filename", Text(attachment, "name"));
        WriteOptional(json, "file_id", Text(attachment, "file_id"));
        WriteOptional(json, isImage ? "image_url" : media.Data is null ? "file_url" : "file_data", media.Address(isImage ? "image/png" : "application/octet-stream"));
        json.WriteEndObject();
    }

    private static IEnumerable<JsonProperty> Others(JsonElement part, string own) => part.EnumerateObject().Where(field => field.Name != "type" && field.Name != own);

    private static void WriteAll(Utf8JsonWriter json, IEnumerable<JsonProperty> fields)
    {
        foreach (var field in fields)
            field.WriteTo(json);
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
