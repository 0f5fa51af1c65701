namespace StreamRelay.Client.Tasks;

/// <summary>Tokens used by a task.</summary>
/// <param name="PromptTokens">Tokens read by the model.</param>
/// <param name="CompletionTokens">Tokens written by the model.</param>
/// <param name="TotalTokens">Both together.</param>
/// <param name="Estimated">Whether the server estimated them from the length of the text.</param>
public sealed record RelayUsage(long PromptTokens, long CompletionTokens, long TotalTokens, bool Estimated = false);
