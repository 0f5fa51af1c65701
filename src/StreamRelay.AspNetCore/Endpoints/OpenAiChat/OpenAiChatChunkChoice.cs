using System.Text.Json;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiChat;

/// <summary>The choice of a chunk, as the API document describes it.</summary>
/// <param name="Index">Always 0.</param>
/// <param name="Delta">What the chunk adds: <c>role</c>, <c>content</c>, <c>reasoning_content</c> or <c>tool_calls</c>.</param>
/// <param name="FinishReason">Why the answer ended; null before.</param>
public sealed record OpenAiChatChunkChoice(int Index, JsonElement Delta, string? FinishReason);
