using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>What happens to each field of <c>POST /v1/messages</c>. Other fields of the body are passed: servers of models have extensions.</summary>
public static class AnthropicFields
{
    /// <summary>The fields of the body.</summary>
    public static IReadOnlyDictionary<string, FieldHandling> Body { get; } = new Dictionary<string, FieldHandling>
    {
        ["betas"] = FieldHandling.Used,
        ["billing_policy"] = FieldHandling.Untranslated,
        ["cache_control"] = FieldHandling.Passed,
        ["compaction"] = FieldHandling.Untranslated,
        ["container"] = FieldHandling.Untranslated,
        ["context_management"] = FieldHandling.Untranslated,
        ["diagnostics"] = FieldHandling.Untranslated,
        ["fallback_credit_token"] = FieldHandling.Untranslated,
        ["fallbacks"] = FieldHandling.Untranslated,
        ["inference_geo"] = FieldHandling.Untranslated,
        ["max_tokens"] = FieldHandling.Translated,
        ["mcp_servers"] = FieldHandling.Untranslated,
        ["messages"] = FieldHandling.Used,
        ["metadata"] = FieldHandling.Translated,
        ["model"] = FieldHandling.Used,
        ["output_config"] = FieldHandling.Translated,
        ["output_format"] = FieldHandling.Translated,
        ["service_tier"] = FieldHandling.Translated,
        ["speed"] = FieldHandling.Untranslated,
        ["stop_sequences"] = FieldHandling.Translated,
        ["stream"] = FieldHandling.Used,
        ["system"] = FieldHandling.Used,
        ["temperature"] = FieldHandling.Passed,
        ["thinking"] = FieldHandling.Passed,
        ["thread"] = FieldHandling.Untranslated,
        ["tool_choice"] = FieldHandling.Translated,
        ["tools"] = FieldHandling.Translated,
        ["top_k"] = FieldHandling.Passed,
        ["top_p"] = FieldHandling.Passed,
        ["user_profile_id"] = FieldHandling.Untranslated,
        ["workspace_id"] = FieldHandling.Untranslated,
    };

    /// <summary>The types of the blocks of a message. A block of another type is not translated.</summary>
    public static IReadOnlyDictionary<string, FieldHandling> Blocks { get; } = new Dictionary<string, FieldHandling>
    {
        ["text"] = FieldHandling.Translated,
        ["image"] = FieldHandling.Translated,
        ["document"] = FieldHandling.Translated,
        ["thinking"] = FieldHandling.Translated,
        ["redacted_thinking"] = FieldHandling.Translated,
        ["tool_use"] = FieldHandling.Translated,
        ["tool_result"] = FieldHandling.Translated,
        ["mid_conv_system"] = FieldHandling.Translated,
        ["advisor_tool_result"] = FieldHandling.Untranslated,
        ["bash_code_execution_tool_result"] = FieldHandling.Untranslated,
        ["code_execution_tool_result"] = FieldHandling.Untranslated,
        ["compaction"] = FieldHandling.Untranslated,
        ["container_upload"] = FieldHandling.Untranslated,
        ["fallback"] = FieldHandling.Untranslated,
        ["mcp_tool_listing"] = FieldHandling.Untranslated,
        ["mcp_tool_result"] = FieldHandling.Untranslated,
        ["mcp_tool_use"] = FieldHandling.Untranslated,
        ["search_result"] = FieldHandling.Untranslated,
        ["server_tool_use"] = FieldHandling.Untranslated,
        ["text_editor_code_execution_tool_result"] = FieldHandling.Untranslated,
        ["tool_addition"] = FieldHandling.Untranslated,
        ["tool_reference"] = FieldHandling.Untranslated,
        ["tool_removal"] = FieldHandling.Untranslated,
        ["tool_search_tool_result"] = FieldHandling.Untranslated,
        ["web_fetch_tool_result"] = FieldHandling.Untranslated,
        ["web_search_tool_result"] = FieldHandling.Untranslated,
    };

    /// <summary>The fields of a tool that the caller runs.</summary>
    public static IReadOnlyDictionary<string, FieldHandling> Tool { get; } = new Dictionary<string, FieldHandling>
    {
        ["allowed_callers"] = FieldHandling.Translated,
        ["cache_control"] = FieldHandling.Passed,
        ["defer_loading"] = FieldHandling.Untranslated,
        ["description"] = FieldHandling.Translated,

        // Every stream has the arguments as they come.
        ["eager_input_streaming"] = FieldHandling.Used,
        ["input_examples"] = FieldHandling.Untranslated,
        ["input_schema"] = FieldHandling.Translated,
        ["name"] = FieldHandling.Translated,
        ["strict"] = FieldHandling.Translated,
        ["type"] = FieldHandling.Used,
    };
}
