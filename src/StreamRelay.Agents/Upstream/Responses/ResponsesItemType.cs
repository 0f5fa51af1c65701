namespace StreamRelay.Agents.Upstream.Responses;

/// <summary>The types of items that answers consist of.</summary>
internal enum ResponsesItemType
{
    /// <summary>Text of the assistant.</summary>
    Message,

    /// <summary>Reasoning.</summary>
    Reasoning,

    /// <summary>A call of a function or a custom tool.</summary>
    Call,

    /// <summary>An image that the server made.</summary>
    Image,

    /// <summary>Something else that the server ran itself.</summary>
    Other,
}
