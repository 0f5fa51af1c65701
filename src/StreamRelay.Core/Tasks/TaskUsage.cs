namespace StreamRelay;

/// <summary>Tokens used by a task.</summary>
/// <param name="PromptTokens">Tokens read by the model.</param>
/// <param name="CompletionTokens">Tokens written by the model.</param>
/// <param name="Estimated">Whether they were counted here (bytes / 4), not by the model's server.</param>
public sealed record TaskUsage(long PromptTokens, long CompletionTokens, bool Estimated)
{
    /// <summary>Both together.</summary>
    public long TotalTokens => PromptTokens + CompletionTokens;
}
