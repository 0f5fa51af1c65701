using System.Text.Json;

namespace StreamRelay.AspNetCore.Endpoints.AiSdk;

/// <summary>The body that the AI SDK's chat transport sends; other fields are kept as options for the agent.</summary>
/// <param name="Id">The chat.</param>
/// <param name="Messages">All its UI messages; the last user message is the input.</param>
/// <param name="Trigger"><c>submit-message</c> or <c>regenerate-message</c>.</param>
/// <param name="Agent">The agent's name; absent: <c>?agent=</c>, else the default agent.</param>
/// <param name="Metadata">Anything; <c>write_tutorial</c> reads <c>language</c>.</param>
public sealed record AiSdkBody(string Id, IReadOnlyList<JsonElement> Messages, string? Trigger, string? Agent, JsonElement? Metadata);
