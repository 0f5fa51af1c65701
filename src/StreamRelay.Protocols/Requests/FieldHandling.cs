namespace StreamRelay.Protocols.Requests;

/// <summary>What happens to a field of a request.</summary>
public enum FieldHandling
{
    /// <summary>An agent gets it as it came.</summary>
    Passed,

    /// <summary>An agent gets it under the name and in the shape that options have in every protocol.</summary>
    Translated,

    /// <summary>It is for StreamRelay itself or for the front end, and no agent needs it.</summary>
    Used,

    /// <summary>An agent gets it as a field that is not translated. An agent that relays a model cannot pass it on.</summary>
    Untranslated,

    /// <summary>The request is refused with a 400, whichever agent it is for.</summary>
    Refused,
}
