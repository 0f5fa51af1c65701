using System.Text.Json;
using StreamRelay.Agents.Upstream.Requests;

namespace StreamRelay.Agents.Upstream;

/// <summary>Checks what every server of models demands of a conversation: there is a message, and the results of calls come right after the calls.</summary>
internal static class UpstreamTurns
{
    /// <summary>What is wrong with the messages, or <see langword="null"/>.</summary>
    public static InputFault? Check(JsonElement messages)
    {
        if (messages.ValueKind != JsonValueKind.Array)
            return null;
        if (messages.GetArrayLength() == 0)
            return new("no_messages", "holds no message");

        HashSet<string> open = [];
        foreach (var message in messages.EnumerateArray())
        {
            if (RequestJson.Text(message, "role") == "tool")
            {
                if (RequestJson.Text(message, "tool_call_id") is { } id && !open.Remove(id))
                    return new("tool_result_without_call", $"holds a result of the tool call '{id}', and the call is not in the turn before it");

                continue;
            }

            if (open.Count > 0)
                return WithoutResult(open);

            open.UnionWith(Calls(message));
        }

        return open.Count > 0 ? WithoutResult(open) : null;
    }

    private static InputFault WithoutResult(HashSet<string> open) =>
        new("tool_call_without_result", $"holds the tool call '{open.First()}', and its result does not follow the call");

    private static IEnumerable<string> Calls(JsonElement message) =>
        message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array
            ? calls.EnumerateArray().Select(static call => RequestJson.Text(call, "id")).OfType<string>()
            : [];
}
