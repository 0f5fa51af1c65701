using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>What a piece of an answer holds beside its text: logprobs, annotations, and fields that no protocol has, such as signatures.</summary>
internal static class AnswerExtras
{
    private static readonly string[] MessageFields =
        ["role", "content", "reasoning_content", "reasoning", "thinking", "refusal", "tool_calls", "function_call", "images", "audio", "annotations", "name"];

    private static readonly string[] CallFields = ["id", "index", "type", "function", "name", "arguments"];

    /// <summary>Reads them.</summary>
    /// <param name="choice">The choice.</param>
    /// <param name="message">Its delta or message.</param>
    public static TextMetadata Read(JsonElement choice, JsonElement message)
    {
        var annotations = message.Find("annotations", JsonValueKind.Array) is { } list && !list.IsEmpty() ? AnswerValues.Encode(list) : default;
        return new(false, Logprobs(choice.Find("logprobs", JsonValueKind.Object)), annotations, Others(message, MessageFields));
    }

    /// <summary>Reads the fields of a tool call that no protocol has: a JSON object, or empty.</summary>
    public static ReadOnlyMemory<byte> OfCall(JsonElement call) => Others(call, CallFields);

    private static ReadOnlyMemory<byte> Logprobs(JsonElement? logprobs) =>
        logprobs is { } given && (given.Find("content")?.IsEmpty() == false || given.Find("refusal")?.IsEmpty() == false) ? AnswerValues.Encode(given) : default;

    private static ReadOnlyMemory<byte> Others(JsonElement json, string[] known)
    {
        if (json.ValueKind != JsonValueKind.Object || json.EnumerateObject().All(IsKnown))
            return default;

        return AgentEvents.Json(output =>
        {
            foreach (var field in json.EnumerateObject().Where(field => !IsKnown(field)))
            {
                output.WritePropertyName(field.Name);
                output.WriteRawValue(AnswerValues.Encode(field.Value).Span, skipInputValidation: true);
            }
        });

        bool IsKnown(JsonProperty field) => field.Value.IsEmpty() || known.Contains(field.Name);
    }
}
