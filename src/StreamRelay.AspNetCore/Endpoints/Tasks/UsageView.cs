using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary>Tokens used by a task.</summary>
/// <param name="PromptTokens">Tokens read by the model.</param>
/// <param name="CompletionTokens">Tokens written by the model.</param>
/// <param name="TotalTokens">Both together.</param>
/// <param name="Estimated">Present when they were counted here (bytes / 4).</param>
public sealed record UsageView(
    long PromptTokens, long CompletionTokens, long TotalTokens,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Estimated);
