using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>Reads the content of a message, or the output of a tool.</summary>
internal static class ResponsesContent
{
    /// <summary>The parts.</summary>
    /// <exception cref="RequestException">400, naming the part that is wrong.</exception>
    public static IReadOnlyList<ConversationPart> Read(JsonElement? content, string name) => content switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } text => [new TextPart(JsonFields.Text(text, name))],
        { ValueKind: JsonValueKind.Array } parts => [.. parts.EnumerateArray().Select((part, index) => ReadPart(part, $"{name}[{index}]"))],
        _ => throw JsonFields.Wrong(name, "a string or a list of parts"),
    };

    private static ConversationPart ReadPart(JsonElement part, string name)
    {
        if (part.ValueKind != JsonValueKind.Object)
            throw JsonFields.Wrong(name, "an object with a 'type'");

        return ReadKnown(part, name) with { Extras = Extras(part) };
    }

    /// <summary>The fields of a part that servers add to the protocol are passed with it; those that describe an answer are not.</summary>
    private static Dictionary<string, JsonElement> Extras(JsonElement part) => part.EnumerateObject()
        .Where(static field => !ResponsesFields.Parts.Contains(field.Name) && field.Value.ValueKind != JsonValueKind.Null)
        .ToDictionary(static field => field.Name, static field => field.Value);

    private static ConversationPart ReadKnown(JsonElement part, string name) => part.OptionalText("type") switch
    {
        "input_text" or "output_text" or "text" => new TextPart(part.RequiredText("text", name)),
        "refusal" => new RefusalPart(part.RequiredText("refusal", name)),
        "input_image" => ReadImage(part, name),
        "input_file" => ReadFile(part, name),
        "input_audio" => ReadAudio(part, name),
        _ => throw JsonFields.Wrong($"{name}.type", "one of input_text, input_image, input_file, input_audio, output_text, refusal"),
    };

    private static MediaPart ReadImage(JsonElement part, string name)
    {
        var image = new MediaPart(MediaKind.Image) { FileId = part.OptionalText("file_id"), Detail = part.OptionalText("detail"), Field = name };
        return image.At(part.OptionalText("image_url"));
    }

    private static MediaPart ReadFile(JsonElement part, string name)
    {
        var file = new MediaPart(MediaKind.File) { FileId = part.OptionalText("file_id"), Name = part.OptionalText("filename"), Field = name };
        return part.OptionalText("file_data") is not { } data ? file.At(part.OptionalText("file_url"))
            : file.At(data) is { Data: not null } withType ? withType
            : file with { Data = data };
    }

    private static MediaPart ReadAudio(JsonElement part, string name)
    {
        if (part.OptionalObject("input_audio") is not { } audio)
            throw JsonFields.Wrong($"{name}.input_audio", "an object");

        var owner = $"{name}.input_audio";
        return new(MediaKind.Audio) { Data = audio.RequiredText("data", owner), MediaType = $"audio/{audio.RequiredText("format", owner)}", Field = name };
    }
}
