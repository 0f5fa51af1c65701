using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.AiSdk;

/// <summary>What happens to each field of <c>POST /api/chat</c>. The protocol leaves other fields to the application; they are passed.</summary>
public static class AiSdkFields
{
    /// <summary>The fields of the body.</summary>
    public static IReadOnlyDictionary<string, FieldHandling> Body { get; } = new Dictionary<string, FieldHandling>
    {
        ["id"] = FieldHandling.Used,
        ["messages"] = FieldHandling.Used,
        ["trigger"] = FieldHandling.Used,
        ["messageId"] = FieldHandling.Used,
        ["agent"] = FieldHandling.Used,
        ["metadata"] = FieldHandling.Used,
        ["system"] = FieldHandling.Translated,
        ["tools"] = FieldHandling.Translated,
    };

    /// <summary>The types of the parts of a message; those of tools and of an application's data have a name after <c>tool-</c> and <c>data-</c>.</summary>
    public static IReadOnlyDictionary<string, FieldHandling> Parts { get; } = new Dictionary<string, FieldHandling>
    {
        ["text"] = FieldHandling.Translated,
        ["reasoning"] = FieldHandling.Translated,
        ["file"] = FieldHandling.Translated,
        ["tool-"] = FieldHandling.Translated,
        ["dynamic-tool"] = FieldHandling.Translated,
        ["step-start"] = FieldHandling.Translated,
        ["source-url"] = FieldHandling.Used,
        ["source-document"] = FieldHandling.Used,
        ["data-"] = FieldHandling.Used,
        ["reasoning-file"] = FieldHandling.Untranslated,
        ["custom"] = FieldHandling.Untranslated,
        ["steering-message"] = FieldHandling.Untranslated,
    };

    /// <summary>The fields of the parts that are translated.</summary>
    public static IReadOnlyDictionary<string, FieldHandling> PartFields { get; } = new Dictionary<string, FieldHandling>
    {
        ["type"] = FieldHandling.Translated,
        ["id"] = FieldHandling.Used,
        ["text"] = FieldHandling.Translated,
        ["state"] = FieldHandling.Translated,
        ["citations"] = FieldHandling.Used,
        ["providerMetadata"] = FieldHandling.Translated,
        ["mediaType"] = FieldHandling.Translated,
        ["filename"] = FieldHandling.Translated,
        ["url"] = FieldHandling.Translated,

        // The id of the file at the provider of a model, which only that provider knows.
        ["providerReference"] = FieldHandling.Untranslated,
        ["toolName"] = FieldHandling.Translated,
        ["toolCallId"] = FieldHandling.Translated,
        ["title"] = FieldHandling.Used,
        ["toolMetadata"] = FieldHandling.Used,
        ["dynamic"] = FieldHandling.Used,
        ["providerExecuted"] = FieldHandling.Used,
        ["input"] = FieldHandling.Translated,
        ["rawInput"] = FieldHandling.Translated,
        ["output"] = FieldHandling.Translated,
        ["errorText"] = FieldHandling.Translated,
        ["callProviderMetadata"] = FieldHandling.Translated,
        ["approval"] = FieldHandling.Translated,
    };
}
