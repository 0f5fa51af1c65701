using System.Text.Json;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiChat;

/// <summary>The body of <c>POST /v1/chat/completions</c>: the fields that have an effect. Other fields of the API are accepted.</summary>
/// <param name="Model">The agent's name.</param>
/// <param name="Messages">The conversation; the last user message is the input.</param>
/// <param name="Stream">Whether to answer with server-sent events.</param>
/// <param name="StreamOptions">With <c>include_usage</c>, a last chunk reports the usage.</param>
/// <param name="N">Must be 1 where it is given.</param>
/// <param name="Metadata">Anything; <c>write_tutorial</c> reads <c>language</c>.</param>
public sealed record OpenAiChatBody(string Model, IReadOnlyList<OpenAiChatMessage> Messages, bool? Stream, OpenAiChatStreamOptions? StreamOptions, int? N, JsonElement? Metadata);
