namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>What an item of a response's output is.</summary>
internal enum ResponseItemKind
{
    Message,
    Reasoning,
    FunctionCall,
}
