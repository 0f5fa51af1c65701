using System.Text.Json;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiChat;

/// <summary>The choice of an answer, as the API document describes it.</summary>
/// <param name="Index">Always 0.</param>
/// <param name="Message">The message: its role, its content, its tool calls and its annotations.</param>
/// <param name="FinishReason"><c>stop</c>, <c>length</c>, <c>tool_calls</c> or <c>content_filter</c>.</param>
public sealed record OpenAiChatChoice(int Index, JsonElement Message, string FinishReason);
