using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>Reads the tokens that an answer used.</summary>
internal static class AnswerUsage
{
    /// <summary>The usage in a chunk or a choice, as an event; <see langword="null"/> when one of the two counts is missing.</summary>
    public static StreamEvent? Read(JsonElement json) =>
        json.Find("usage", JsonValueKind.Object) is { } usage
        && (usage.FindCount("prompt_tokens") ?? usage.FindCount("input_tokens")) is { } read
        && (usage.FindCount("completion_tokens") ?? usage.FindCount("output_tokens")) is { } written
            ? AgentEvents.Usage(read, written, details: new(PromptDetails(usage), Details(usage, "completion_tokens_details", "output_tokens_details")))
            : null;

    private static ReadOnlyMemory<byte> PromptDetails(JsonElement usage)
    {
        var details = Details(usage, "prompt_tokens_details", "input_tokens_details");
        return details.IsEmpty && usage.FindCount("prompt_cache_hit_tokens") is { } cached
            ? AgentEvents.Json(json => json.WriteNumber("cached_tokens"u8, cached))
            : details;
    }

    private static ReadOnlyMemory<byte> Details(JsonElement usage, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (usage.Find(name, JsonValueKind.Object) is { } details && !details.IsEmpty())
                return AgentEvents.Json(json => WriteKnown(json, details));
        }

        return default;
    }

    /// <summary>Writes the counts that are known; null is unknown.</summary>
    private static void WriteKnown(Utf8JsonWriter json, JsonElement details)
    {
        foreach (var name in details.EnumerateObject().Select(field => field.Name).Distinct())
        {
            if (details.FindCount(name) is { } count)
                json.WriteNumber(name, count);
        }
    }
}
