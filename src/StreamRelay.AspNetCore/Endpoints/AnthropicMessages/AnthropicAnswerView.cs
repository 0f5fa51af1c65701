using System.Text.Json;

namespace StreamRelay.AspNetCore.Endpoints.AnthropicMessages;

/// <summary>An answer in one piece, as the API document describes it (Anthropic API, the message object).</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Always <c>message</c>.</param>
/// <param name="Role">Always <c>assistant</c>.</param>
/// <param name="Model">The agent's name.</param>
/// <param name="Content">Its blocks: text, thinking and tool use.</param>
/// <param name="StopReason">Why it ended.</param>
/// <param name="Usage">The tokens used.</param>
public sealed record AnthropicAnswerView(
    string Id, string Type, string Role, string Model, IReadOnlyList<JsonElement> Content, string? StopReason, JsonElement Usage);
