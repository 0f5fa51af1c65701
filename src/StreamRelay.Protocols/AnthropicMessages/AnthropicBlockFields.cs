using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>What happens to each field of the blocks that are translated. Other fields go with text, images and documents, and are not translated in other blocks.</summary>
public static class AnthropicBlockFields
{
    /// <summary>The fields by the type of the block.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, FieldHandling>> All { get; } = new Dictionary<string, IReadOnlyDictionary<string, FieldHandling>>
    {
        ["text"] = new Dictionary<string, FieldHandling>
        {
            ["cache_control"] = FieldHandling.Passed,

            // They describe an answer.
            ["citations"] = FieldHandling.Used,
            ["text"] = FieldHandling.Translated,
            ["type"] = FieldHandling.Used,
            ["x_extra"] = FieldHandling.Translated,
        },
        ["image"] = new Dictionary<string, FieldHandling>
        {
            ["cache_control"] = FieldHandling.Passed,
            ["source"] = FieldHandling.Translated,
            ["transformations"] = FieldHandling.Passed,
            ["type"] = FieldHandling.Used,
        },
        ["document"] = new Dictionary<string, FieldHandling>
        {
            ["cache_control"] = FieldHandling.Passed,
            ["citations"] = FieldHandling.Passed,
            ["context"] = FieldHandling.Passed,
            ["source"] = FieldHandling.Translated,
            ["title"] = FieldHandling.Translated,
            ["type"] = FieldHandling.Used,
        },
        ["thinking"] = new Dictionary<string, FieldHandling>
        {
            ["signature"] = FieldHandling.Translated,
            ["thinking"] = FieldHandling.Translated,
            ["type"] = FieldHandling.Used,
        },
        ["redacted_thinking"] = new Dictionary<string, FieldHandling>
        {
            ["data"] = FieldHandling.Translated,
            ["type"] = FieldHandling.Used,
        },
        ["tool_use"] = new Dictionary<string, FieldHandling>
        {
            ["cache_control"] = FieldHandling.Passed,
            ["caller"] = FieldHandling.Translated,
            ["id"] = FieldHandling.Translated,
            ["input"] = FieldHandling.Translated,
            ["name"] = FieldHandling.Translated,
            ["toolset_name"] = FieldHandling.Untranslated,
            ["type"] = FieldHandling.Used,
            ["x_custom"] = FieldHandling.Translated,
            ["x_extra"] = FieldHandling.Translated,
        },
        ["tool_result"] = new Dictionary<string, FieldHandling>
        {
            ["cache_control"] = FieldHandling.Passed,
            ["content"] = FieldHandling.Translated,
            ["is_error"] = FieldHandling.Translated,
            ["tool_use_id"] = FieldHandling.Translated,
            ["toolset_name"] = FieldHandling.Untranslated,
            ["type"] = FieldHandling.Used,
        },
    };
}
