namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>The type of an item of a response.</summary>
internal enum ResponsesItemKind
{
    Message,

    Reasoning,

    /// <summary>A message that says that the model refuses.</summary>
    Refusal,

    FunctionCall,
}
