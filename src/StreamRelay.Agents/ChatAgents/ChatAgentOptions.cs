using System.Text.Json;
using Microsoft.Extensions.AI;
using StreamRelay.Agents.Upstream.Answers;
using StreamRelay.Agents.Upstream.Requests;

namespace StreamRelay.Agents.ChatAgents;

/// <summary>The options of a request as those of a chat client.
/// One that has no such form, or a value of another kind, stays in the request's options.</summary>
internal static class ChatAgentOptions
{
    /// <summary>Takes the options.</summary>
    public static ChatOptions Take(RequestOptions options) => new()
    {
        Instructions = options.Instructions,
        Temperature = Take(options, "temperature", Single),
        TopP = Take(options, "top_p", Single),
        FrequencyPenalty = Take(options, "frequency_penalty", Single),
        PresencePenalty = Take(options, "presence_penalty", Single),
        MaxOutputTokens = TakeTokens(options),
        Seed = Take(options, "seed", Int64),
        StopSequences = Take(options, "stop", Texts),
        AllowMultipleToolCalls = Take(options, "parallel_tool_calls", Boolean),
        ToolMode = Take(options, "tool_choice", Mode),
        ResponseFormat = Take(options, "response_format", Format),
    };

    // Both names stand for the same, and a client may send both.
    private static int? TakeTokens(RequestOptions options)
    {
        var older = Take(options, "max_tokens", Int32);
        return Take(options, "max_completion_tokens", Int32) ?? older;
    }

    private static T? Take<T>(RequestOptions options, string name, Func<JsonElement, T?> read)
    {
        if (!options.Rest.TryGetValue(name, out var value) || read(value) is not { } found)
            return default;

        options.Take(name);
        return found;
    }

    private static float? Single(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var number) ? number : null;

    private static int? Int32(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private static long? Int64(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private static bool? Boolean(JsonElement value) => value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };

    private static IList<string>? Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array when value.EnumerateArray().All(static text => text.ValueKind == JsonValueKind.String) => [.. value.EnumerateArray().Select(static text => text.GetString()!)],
        _ => null,
    };

    private static ChatToolMode? Mode(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() switch { "none" => ChatToolMode.None, "auto" => ChatToolMode.Auto, "required" => ChatToolMode.RequireAny, _ => null },
        JsonValueKind.Object when value.Find("function", JsonValueKind.Object) is { } function && RequestJson.Text(function, "name") is { Length: > 0 } name => ChatToolMode.RequireSpecific(name),
        _ => null,
    };

    private static ChatResponseFormat? Format(JsonElement value) => value.ValueKind != JsonValueKind.Object ? null : RequestJson.Text(value, "type") switch
    {
        "text" => ChatResponseFormat.Text,
        "json_object" => ChatResponseFormat.Json,
        "json_schema" when value.Find("json_schema", JsonValueKind.Object) is { } format && format.Find("schema", JsonValueKind.Object) is { } schema =>
            ChatResponseFormat.ForJsonSchema(schema, RequestJson.Text(format, "name"), RequestJson.Text(format, "description")),
        _ => null,
    };
}
