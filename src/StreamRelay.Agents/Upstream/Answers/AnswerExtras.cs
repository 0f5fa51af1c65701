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

    /// <summary>Reads them.</summary>
    /// <param name="choice">The choice.</param>
    /// <param name="message">Its delta or message.</param>
    public static TextMetadata Read(JsonElement choice, JsonElement message)
    {
        var annotations = message.FindContent("annotations");
        if (annotations is { ValueKind: not JsonValueKind.Array } wrong)
            throw AnswerFault.Field("annotations", wrong.ValueKind);

        return new(false, Logprobs(choice), annotations is { } list ? AnswerValues.Encode(list) : default, Write(Others(Fields(message), MessageFields)));
    }

    /// <summary>Reads the fields of a tool call that no protocol has: a JSON object, or empty.</summary>
    /// <param name="call">The call.</param>
    /// <param name="function">Its function, whose fields get <c>function.</c> before their names; the call itself where it has none.</param>
    public static ReadOnlyMemory<byte> OfCall(JsonElement call, JsonElement function) =>
        call.FindContent("function") is null
            ? Write(Others(call.EnumerateObject(), [.. CallFields, .. FunctionFields]))
            : Write(Others(call.EnumerateObject(), CallFields)
                .Concat(Others(function.EnumerateObject(), FunctionFields).Select(field => ($"function.{field.Name}", field.Value))));

    /// <summary>Reads the fields of a call of a custom tool that no protocol has: a JSON object, or empty.</summary>
    public static ReadOnlyMemory<byte> OfCustomCall(JsonElement call) => Write(Others(call.EnumerateObject(), [.. CallFields, "custom"]));

    /// <summary>Reads the fields of a part of the content that no protocol has: a JSON object, or empty.</summary>
    /// <param name="part">The part.</param>
    /// <param name="text">The field that holds its text.</param>
    public static ReadOnlyMemory<byte> OfPart(JsonElement part, string? text) => Write(Others(part.EnumerateObject(), ["type", "index", "id", text ?? ""]));

    /// <summary>Reads the fields of a chunk that nobody knows: a JSON object, or empty.</summary>
    public static ReadOnlyMemory<byte> OfChunk(JsonElement chunk) => Write(Others(Fields(chunk), ChunkFields));

    /// <summary>Reads the fields of a choice without a message that nobody knows: a JSON object, or empty.</summary>
    public static ReadOnlyMemory<byte> OfChoice(JsonElement choice) => Write(Others(Fields(choice), ChoiceFields));

    /// <summary>Reads the fields of an object that are not known: a JSON object, or empty.</summary>
    public static ReadOnlyMemory<byte> Except(JsonElement json, params string[] known) => Write(Others(Fields(json), known));

    private static ReadOnlyMemory<byte> Logprobs(JsonElement choice) =>
        choice.Find("logprobs", JsonValueKind.Object) is { } given && (given.FindContent("content") ?? given.FindContent("refusal")) is not null
            ? AnswerValues.Encode(given)
            : default;

    private static JsonElement.ObjectEnumerator Fields(JsonElement json) => json.ValueKind == JsonValueKind.Object ? json.EnumerateObject() : default;

    private static IEnumerable<(string Name, JsonElement Value)> Others(JsonElement.ObjectEnumerator fields, string[] known) =>
        fields.Where(field => !field.Value.IsEmpty() && !known.Contains(field.Name)).DistinctBy(field => field.Name).Select(field => (field.Name, field.Value));

    private static ReadOnlyMemory<byte> Write(IEnumerable<(string Name, JsonElement Value)> fields)
    {
        var others = fields.ToList();
        return others.Count == 0 ? default : AgentEvents.Json(json =>
        {
            foreach (var (name, value) in others)
            {
                json.WritePropertyName(name);
                json.WriteRawValue(AnswerValues.Encode(value).Span, skipInputValidation: true);
            }
        });
    }
}
