using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>Reads the content of a message, or the output of a tool.</summary>
/// <param name="options">Keeps the fields that have no place in a part.</param>
internal sealed class ResponsesContent(OptionsBuilder options)
{
    /// <summary>The parts.</summary>
    /// <exception cref="RequestException">400, naming the part that is wrong.</exception>
    public IReadOnlyList<ConversationPart> Read(JsonElement? content, string name) => content switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } text => [new TextPart(JsonFields.Text(text, name))],
        { ValueKind: JsonValueKind.Array } parts => [.. parts.EnumerateArray().Select((part, index) => ReadPart(part, $"{name}[{index}]"))],
        _ => throw JsonFields.Wrong(name, "a string or a list of parts"),
    };

    private ConversationPart ReadPart(JsonElement part, string name)
    {
        if (part.ValueKind != JsonValueKind.Object)
            throw JsonFields.Wrong(name, "an object with a 'type'");

        var type = part.OptionalText("type") ?? "";
        if (!ResponsesFields.Parts.TryGetValue(type, out var handling))
            throw JsonFields.Wrong($"{name}.type", $"one of {string.Join(", ", ResponsesFields.Parts.Keys)}");

        options.AddPart(part, name, handling);
        return ReadKnown(type, part, name) with { Extras = Extras(part, handling) };
    }

    /// <summary>The fields of a part that servers add to the protocol are passed with it.</summary>
    private static Dictionary<string, JsonElement> Extras(JsonElement part, IReadOnlyDictionary<string, FieldHandling> handling) => part.EnumerateObject()
        .Where(field => handling.GetValueOrDefault(field.Name) == FieldHandling.Passed && field.Value.ValueKind != JsonValueKind.Null)
        .ToDictionary(static field => field.Name, static field => field.Value);

    private static ConversationPart ReadKnown(string type, JsonElement part, string name) => type switch
    {
        "refusal" => new RefusalPart(part.RequiredText("refusal", name)),
        "input_image" => ReadImage(part, name),
        "input_file" => ReadFile(part, name),
        "input_audio" => ReadAudio(part, name),
        _ => new TextPart(part.RequiredText("text", name)),
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
