namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>The finish reasons of servers, and what they mean.</summary>
internal static class FinishReasons
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["stop"] = "stop",
        ["end_turn"] = "stop",
        ["stop_sequence"] = "stop",
        ["eos"] = "stop",
        ["eos_token"] = "stop",
        ["complete"] = "stop",
        ["completed"] = "stop",
        ["finished"] = "stop",
        ["length"] = "length",
        ["max_tokens"] = "length",
        ["max_output_tokens"] = "length",
        ["max_completion_tokens"] = "length",
        ["model_length"] = "length",
        ["model_context_window_exceeded"] = "length",
        ["tool_calls"] = "tool_calls",
        ["tool_call"] = "tool_calls",
        ["tool_use"] = "tool_calls",
        ["function_call"] = "tool_calls",
        ["content_filter"] = "content_filter",
        ["content_filtered"] = "content_filter",
        ["safety"] = "content_filter",
        ["recitation"] = "content_filter",
        ["blocklist"] = "content_filter",
        ["prohibited_content"] = "content_filter",
        ["sensitive"] = "content_filter",
        ["refusal"] = "content_filter",
    };

    private static readonly string[] Failures =
    [
        "error", "abort", "aborted", "cancel", "cancelled", "canceled", "failed", "timeout",
        "network_error", "malformed_function_call", "insufficient_system_resource",
    ];

    /// <summary>The reason as events name it; <see langword="null"/> for one that nobody knows.</summary>
    public static string? Normalize(string reason) => Known.GetValueOrDefault(reason);

    /// <summary>Whether the server says that it did not finish the answer.</summary>
    public static bool IsFailure(string reason) => Failures.Contains(reason, StringComparer.OrdinalIgnoreCase);
}
