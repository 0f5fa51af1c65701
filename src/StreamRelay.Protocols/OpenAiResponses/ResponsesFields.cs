using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>What happens to each field of <c>POST /v1/responses</c>. Other fields are passed: servers of models have extensions.</summary>
public static class ResponsesFields
{
    /// <summary>The table.</summary>
    public static IReadOnlyDictionary<string, FieldHandling> Body { get; } = new Dictionary<string, FieldHandling>
    {
        ["access_programs"] = FieldHandling.Untranslated,
        ["background"] = FieldHandling.Used,
        ["context_management"] = FieldHandling.Untranslated,
        ["conversation"] = FieldHandling.Refused,
        ["image"] = FieldHandling.Untranslated,
        ["include"] = FieldHandling.Translated,
        ["input"] = FieldHandling.Used,
        ["instructions"] = FieldHandling.Passed,
        ["max_output_tokens"] = FieldHandling.Translated,
        ["max_tool_calls"] = FieldHandling.Untranslated,
        ["metadata"] = FieldHandling.Used,
        ["model"] = FieldHandling.Used,
        ["moderation"] = FieldHandling.Passed,
        ["parallel_tool_calls"] = FieldHandling.Passed,
        ["previous_response_id"] = FieldHandling.Used,
        ["prompt"] = FieldHandling.Refused,
        ["prompt_cache_key"] = FieldHandling.Passed,
        ["prompt_cache_options"] = FieldHandling.Passed,
        ["prompt_cache_retention"] = FieldHandling.Passed,
        ["reasoning"] = FieldHandling.Translated,
        ["safety_identifier"] = FieldHandling.Passed,
        ["service_tier"] = FieldHandling.Passed,
        ["store"] = FieldHandling.Used,
        ["stream"] = FieldHandling.Used,
        ["stream_options"] = FieldHandling.Used,
        ["temperature"] = FieldHandling.Passed,
        ["text"] = FieldHandling.Translated,
        ["tool_choice"] = FieldHandling.Translated,
        ["tools"] = FieldHandling.Translated,
        ["top_logprobs"] = FieldHandling.Translated,
        ["top_p"] = FieldHandling.Passed,
        ["truncation"] = FieldHandling.Translated,
        ["user"] = FieldHandling.Passed,
    };
}
