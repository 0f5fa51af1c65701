using System.Text.Json;

namespace StreamRelay.AspNetCore.Endpoints.AnthropicMessages;

/// <summary>One message of a conversation.</summary>
/// <param name="Role"><c>user</c>, <c>assistant</c> or <c>system</c>.</param>
/// <param name="Content">A text, or a list of blocks.</param>
public sealed record AnthropicMessage(string Role, JsonElement Content);
