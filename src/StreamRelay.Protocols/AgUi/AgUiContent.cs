using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.AgUi;

/// <summary>Reads the content of a message.</summary>
/// <param name="options">Keeps the fields that have no place in a part.</param>
internal sealed class AgUiContent(OptionsBuilder options)
{
    /// <summary>The parts.</summary>
    /// <exception cref="RequestException">400, naming the part that is wrong.</exception>
    public IReadOnlyList<ConversationPart> Read(JsonElement? content, string name) => content switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } text => text.ValueEquals("") ? [] : [new TextPart(JsonFields.Text(text, name))],
        { ValueKind: JsonValueKind.Array } parts => [.. parts.EnumerateArray().Select((part, index) => ReadPart(part, $"{name}[{index}]"))],
        _ => throw JsonFields.Wrong(name, "a string or a list of parts"),
    };

    private ConversationPart ReadPart(JsonElement part, string name)
    {
        if (part.ValueKind != JsonValueKind.Object)
            throw JsonFields.Wrong(name, "an object with a 'type'");

        options.AddPart(part, name, AgUiFields.Parts);
        return part.OptionalText("type") switch
        {
            "text" => new TextPart(part.RequiredText("text", name)),
            "image" => ReadMedia(MediaKind.Image, part, name),
            "audio" => ReadMedia(MediaKind.Audio, part, name),
            "video" => ReadMedia(MediaKind.Video, part, name),
            "document" => ReadMedia(MediaKind.File, part, name),
            "binary" => ReadBinary(part, name),
            _ => throw JsonFields.Wrong($"{name}.type", "one of text, image, audio, video, document, binary"),
        };
    }

    private MediaPart ReadMedia(MediaKind kind, JsonElement part, string name)
    {
        if (part.OptionalObject("source") is not { } source)
            throw JsonFields.Wrong($"{name}.source", "an object");

        options.AddPart(source, $"{name}.source", AgUiFields.Sources);
        var media = new MediaPart(kind) { MediaType = source.OptionalText("mimeType"), Field = name };
        var value = source.RequiredText("value", $"{name}.source");
        return source.OptionalText("type") switch
        {
            "data" => media with { Data = value },
            "url" => media.At(value),
            "file" => media with { FileId = value },
            _ => throw JsonFields.Wrong($"{name}.source.type", "one of data, url, file"),
        };
    }

    /// <summary>Reads the part of clients before version 1.0.</summary>
    private static MediaPart ReadBinary(JsonElement part, string name)
    {
        var mediaType = part.OptionalText("mimeType");
        var media = new MediaPart(MediaPart.KindOf(mediaType))
        {
            MediaType = mediaType,
            Name = part.OptionalText("filename"),
            FileId = part.OptionalText("id"),
            Field = name,
        };
        return part.OptionalText("data") is { } data ? media with { Data = data } : media.At(part.OptionalText("url"));
    }
}
