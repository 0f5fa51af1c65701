using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>What a piece of an answer holds beside its text: logprobs, annotations, and fields that no protocol has, such as signatures.</summary>
internal static class AnswerExtras
{
    private static readonly string[] MessageFields =
        ["role", "content", "reasoning_content", "reasoning", "thinking", "refusal", "tool_calls", "function_call", "images", "audio", "annotations", "name"];

    private static readonly string[] ChunkFields =
    [
        "id", "object", "created", "model", "choices", "usage", "error", "system_fingerprint", "service_tier", "obfuscation",
    ];

    private static readonly string[] ChoiceFields =
    [
        "index", "delta", "message", "text", "finish_reason", "stop_reason", "logprobs", "usage", "error",
        "content_filter_result", "content_filter_results", "content_filter_offsets",
    ];

    private static readonly string[] CallFields = ["id", "index", "type", "function"];

    private static readonly string[] FunctionFields = ["name", "arguments"];

    private static readonly string[] PlainCallFields = [.. CallFields, .. FunctionFields];

    /// <summary>Reads them.</summary>
    /// <param name="choice">The choice.</param>
    /// <param name="message">Its delta or message.</param>
    public static TextMetadata Read(JsonElement choice, JsonElement message)
    {
        var annotations = message.FindContent("annotations");
        if (annotations is { ValueKind: not JsonValueKind.Array } wrong)
            throw AnswerFault.Field("annotations", wrong.ValueKind);

        return new(false, Logprobs(choice), annotations is { } list ? AnswerValues.Encode(list) : default, Write(Others(message, MessageFields)));
    }

    /// <summary>Reads the fields of a tool call that no protocol has: a JSON object, or empty.</summary>
    /// <param name="call">The call.</param>
    /// <param name="function">Its function, whose fields get <c>function.</c> before their names; the call itself where it has none.</param>
    public static ReadOnlyMemory<byte> OfCall(JsonElement call, JsonElement function) =>
        call.FindContent("function") is null
            ? Write(Others(call, PlainCallFields))
            : Write(Others(function, FunctionFields, prefix: "function.", others: Others(call, CallFields)));

    /// <summary>Reads the fields of a call of a custom tool that no protocol has: a JSON object, or empty.</summary>
    public static ReadOnlyMemory<byte> OfCustomCall(JsonElement call) => Write(Others(call, CallFields, "custom"));

    /// <summary>Reads the fields of a part of the content that no protocol has: a JSON object, or empty.</summary>
    /// <param name="part">The part.</param>
    /// <param name="text">The field that holds its text.</param>
    public static ReadOnlyMemory<byte> OfPart(JsonElement part, string? text) => Write(Others(part, ["type", "index", "id"], text));

    /// <summary>Reads the fields of a chunk that nobody knows: a JSON object, or empty.</summary>
    public static ReadOnlyMemory<byte> OfChunk(JsonElement chunk) => Write(Others(chunk, ChunkFields));

    /// <summary>Reads the fields of a choice without a message that nobody knows: a JSON object, or empty.</summary>
    public static ReadOnlyMemory<byte> OfChoice(JsonElement choice) => Write(Others(choice, ChoiceFields));

    /// <summary>Reads the fields of an object that are not known: a JSON object, or empty.</summary>
    /// <param name="json">The object.</param>
    /// <param name="known">The known fields.</param>
    /// <param name="another">Another known field, or <see langword="null"/>.</param>
    public static ReadOnlyMemory<byte> Except(JsonElement json, ReadOnlySpan<string> known, string? another = null) => Write(Others(json, known, another));

    private static ReadOnlyMemory<byte> Logprobs(JsonElement choice) =>
        choice.Find("logprobs", JsonValueKind.Object) is { } given && (given.FindContent("content") ?? given.FindContent("refusal")) is not null
            ? AnswerValues.Encode(given)
            : default;

    /// <summary>Adds the fields of an object that are not known; of those with one name the first.</summary>
    private static Dictionary<string, JsonElement>? Others(JsonElement json, ReadOnlySpan<string> known, string? another = null, string prefix = "", Dictionary<string, JsonElement>? others = null)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return others;

        foreach (var field in json.EnumerateObject())
        {
            if (!field.Value.IsEmpty() && !IsKnown(field, known) && !(another is not null && field.NameEquals(another)))
                (others ??= []).TryAdd(prefix + field.Name, field.Value);
        }

        return others;
    }

    private static bool IsKnown(in JsonProperty field, ReadOnlySpan<string> known)
    {
        foreach (var name in known)
        {
            if (field.NameEquals(name))
                return true;
        }

        return false;
    }

    private static ReadOnlyMemory<byte> Write(Dictionary<string, JsonElement>? fields) => fields is null ? default : AgentEvents.Json(json =>
    {
        foreach (var (name, value) in fields)
            json.WriteValue(name, value);
    });
}
