using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>What happens to each field of <c>POST /v1/responses</c>. Other fields of the body are passed: servers of models have extensions.</summary>
public static class ResponsesFields
{
    /// <summary>The table.</summary>
    public static IReadOnlyDictionary<string, FieldHandling> Body { get; } = new Dictionary<string, FieldHandling>
    {
        ["access_programs"] = FieldHandling.Untranslated,
        ["background"] = FieldHandling.Used,
        ["context_management"] = FieldHandling.Untranslated,
        ["conversation"] = FieldHandling.Used,
        ["image"] = FieldHandling.Untranslated,
        ["include"] = FieldHandling.Translated,
        ["input"] = FieldHandling.Used,
        ["instructions"] = FieldHandling.Passed,
        ["max_output_tokens"] = FieldHandling.Translated,
        ["max_tool_calls"] = FieldHandling.Translated,
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
        ["truncation"] = FieldHandling.Used,
        ["user"] = FieldHandling.Passed,
    };

    /// <summary>The items of the input that are translated, and the fields of each that are read or that only describe it. A field that is not here,
    /// and an item of another type, is not translated.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Items { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["message"] = ["type", "id", "status", "role", "content", "x_extra"],
        ["reasoning"] = ["type", "id", "status", "summary", "content", "encrypted_content", "x_extra"],
        ["function_call"] = ["type", "id", "status", "call_id", "name", "arguments", "x_extra"],
        ["function_call_output"] = ["type", "id", "status", "call_id", "name", "output"],
        ["custom_tool_call"] = ["type", "id", "status", "call_id", "name", "input", "x_extra"],
        ["custom_tool_call_output"] = ["type", "id", "status", "call_id", "output"],
    };

    /// <summary>The types of the parts of a message or of a tool's output, and what happens to the fields of each. Other fields are passed with the part.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, FieldHandling>> Parts { get; } = new Dictionary<string, IReadOnlyDictionary<string, FieldHandling>>
    {
        ["input_text"] = Part(("text", FieldHandling.Translated)),
        ["text"] = Part(("text", FieldHandling.Translated)),
        ["output_text"] = Part(("text", FieldHandling.Translated), ("annotations", FieldHandling.Used), ("logprobs", FieldHandling.Used)),
        ["refusal"] = Part(("refusal", FieldHandling.Translated)),
        ["input_image"] = Part(("image_url", FieldHandling.Translated), ("file_id", FieldHandling.Translated), ("detail", FieldHandling.Translated)),
        ["input_file"] = Part(("file_data", FieldHandling.Translated), ("file_id", FieldHandling.Translated), ("file_url", FieldHandling.Translated),
            ("filename", FieldHandling.Translated), ("detail", FieldHandling.Untranslated)),
        ["input_audio"] = Part(("input_audio", FieldHandling.Translated)),
    };

    private static Dictionary<string, FieldHandling> Part(params (string Name, FieldHandling Handling)[] fields) => new(fields.ToDictionary(static field => field.Name, static field => field.Handling))
    {
        ["type"] = FieldHandling.Translated,
        ["prompt_cache_breakpoint"] = FieldHandling.Passed,
    };
}
