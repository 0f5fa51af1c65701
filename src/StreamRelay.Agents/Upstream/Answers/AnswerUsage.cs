using System.Text.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>Reads the tokens that an answer used.</summary>
internal static class AnswerUsage
{
    /// <summary>The usage in a chunk or a choice; <see langword="null"/> when one of the two counts is missing.</summary>
    public static TaskUsage? Read(JsonElement json) =>
        json.Find("usage", JsonValueKind.Object) is { } usage
        && (usage.FindCount("prompt_tokens") ?? usage.FindCount("input_tokens")) is { } read
        && (usage.FindCount("completion_tokens") ?? usage.FindCount("output_tokens")) is { } written
            ? new(read, written, false)
            : null;
}
