using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.OpenAiChat;

/// <summary>What happens to each field of <c>POST /v1/chat/completions</c>. All others are passed too: options have the names of this protocol.</summary>
public static class OpenAiChatFields
{
    /// <summary>The table.</summary>
    public static IReadOnlyDictionary<string, FieldHandling> Body { get; } = new Dictionary<string, FieldHandling>
    {
        ["messages"] = FieldHandling.Used,
        ["model"] = FieldHandling.Used,
        ["n"] = FieldHandling.Used,
        ["stream"] = FieldHandling.Used,
        ["stream_options"] = FieldHandling.Used,
        ["audio"] = FieldHandling.Passed,
        ["frequency_penalty"] = FieldHandling.Passed,
        ["function_call"] = FieldHandling.Passed,
        ["functions"] = FieldHandling.Passed,
        ["logit_bias"] = FieldHandling.Passed,
        ["logprobs"] = FieldHandling.Passed,
        ["max_completion_tokens"] = FieldHandling.Passed,
        ["max_tokens"] = FieldHandling.Passed,
        ["metadata"] = FieldHandling.Passed,
        ["modalities"] = FieldHandling.Passed,
        ["moderation"] = FieldHandling.Passed,
        ["parallel_tool_calls"] = FieldHandling.Passed,
        ["prediction"] = FieldHandling.Passed,
        ["presence_penalty"] = FieldHandling.Passed,
        ["prompt_cache_key"] = FieldHandling.Passed,
        ["prompt_cache_options"] = FieldHandling.Passed,
        ["prompt_cache_retention"] = FieldHandling.Passed,
        ["reasoning_effort"] = FieldHandling.Passed,
        ["response_format"] = FieldHandling.Passed,
        ["safety_identifier"] = FieldHandling.Passed,
        ["seed"] = FieldHandling.Passed,
        ["service_tier"] = FieldHandling.Passed,
        ["stop"] = FieldHandling.Passed,
        ["store"] = FieldHandling.Passed,
        ["temperature"] = FieldHandling.Passed,
        ["tool_choice"] = FieldHandling.Passed,
        ["tools"] = FieldHandling.Passed,
        ["top_logprobs"] = FieldHandling.Passed,
        ["top_p"] = FieldHandling.Passed,
        ["user"] = FieldHandling.Passed,
        ["verbosity"] = FieldHandling.Passed,
        ["web_search_options"] = FieldHandling.Passed,
    };

    /// <summary>The types of the parts of a message: all of them are passed as they came, with all their fields.</summary>
    public static IReadOnlyDictionary<string, FieldHandling> Parts { get; } = new Dictionary<string, FieldHandling>
    {
        ["text"] = FieldHandling.Passed,
        ["image_url"] = FieldHandling.Passed,
        ["input_audio"] = FieldHandling.Passed,
        ["file"] = FieldHandling.Passed,
        ["refusal"] = FieldHandling.Passed,
    };
}
