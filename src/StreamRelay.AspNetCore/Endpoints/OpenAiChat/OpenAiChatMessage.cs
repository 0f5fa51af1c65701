using System.Text.Json;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiChat;

/// <summary>One message of a conversation.</summary>
/// <param name="Role"><c>developer</c>, <c>system</c>, <c>user</c>, <c>assistant</c>, <c>tool</c> or <c>function</c>.</param>
/// <param name="Content">A text, a list of parts, or null.</param>
public sealed record OpenAiChatMessage(string Role, JsonElement? Content);
