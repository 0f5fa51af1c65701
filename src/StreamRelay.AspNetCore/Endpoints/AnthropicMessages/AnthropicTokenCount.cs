namespace StreamRelay.AspNetCore.Endpoints.AnthropicMessages;

/// <summary>The answer of <c>POST /v1/messages/count_tokens</c>.</summary>
/// <param name="InputTokens">The tokens of the request, estimated.</param>
public sealed record AnthropicTokenCount(long InputTokens);
