using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.AgUi;

/// <summary>What happens to each field of a request for a run. Other fields are passed.</summary>
public static class AgUiFields
{
    /// <summary>The fields of the body.</summary>
    public static IReadOnlyDictionary<string, FieldHandling> Body { get; } = new Dictionary<string, FieldHandling>
    {
        ["threadId"] = FieldHandling.Used,
        ["runId"] = FieldHandling.Used,
        ["parentRunId"] = FieldHandling.Used,
        ["protocolVersion"] = FieldHandling.Used,
        ["messages"] = FieldHandling.Used,
        ["tools"] = FieldHandling.Translated,
        ["context"] = FieldHandling.Translated,
        ["forwardedProps"] = FieldHandling.Translated,
        ["state"] = FieldHandling.Translated,
        ["resume"] = FieldHandling.Translated,
    };

    /// <summary>The roles of messages.</summary>
    public static IReadOnlyDictionary<string, FieldHandling> Roles { get; } = new Dictionary<string, FieldHandling>
    {
        ["developer"] = FieldHandling.Translated,
        ["system"] = FieldHandling.Translated,
        ["assistant"] = FieldHandling.Translated,
        ["user"] = FieldHandling.Translated,
        ["tool"] = FieldHandling.Translated,
        ["reasoning"] = FieldHandling.Translated,
        ["activity"] = FieldHandling.Used,
    };

    /// <summary>The fields of the parts of a message.</summary>
    public static IReadOnlyDictionary<string, FieldHandling> Parts { get; } = new Dictionary<string, FieldHandling>
    {
        ["type"] = FieldHandling.Translated,
        ["id"] = FieldHandling.Used,
        ["text"] = FieldHandling.Translated,
        ["source"] = FieldHandling.Translated,
        ["metadata"] = FieldHandling.Used,
    };

    /// <summary>The fields of the source of a part. The provider that issued the id of a file is not the one that an agent asks, for all that is known here.</summary>
    public static IReadOnlyDictionary<string, FieldHandling> Sources { get; } = new Dictionary<string, FieldHandling>
    {
        ["type"] = FieldHandling.Translated,
        ["value"] = FieldHandling.Translated,
        ["mimeType"] = FieldHandling.Translated,
        ["provider"] = FieldHandling.Untranslated,
    };
}
