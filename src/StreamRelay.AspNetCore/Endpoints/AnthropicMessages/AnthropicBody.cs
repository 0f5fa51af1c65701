using System.Text.Json;

namespace StreamRelay.AspNetCore.Endpoints.AnthropicMessages;

/// <summary>The body of <c>POST /v1/messages</c>: the fields that have an effect on every agent. Other fields of the API are accepted.</summary>
/// <param name="Model">The agent's name.</param>
/// <param name="Messages">The conversation; the last user message is the input.</param>
/// <param name="System">Instructions: a text, or a list of text blocks.</param>
/// <param name="MaxTokens">An option for agents that relay a model.</param>
/// <param name="Stream">Whether to answer with server-sent events.</param>
/// <param name="Metadata">Anything; <c>write_tutorial</c> reads <c>language</c>.</param>
public sealed record AnthropicBody(string Model, IReadOnlyList<AnthropicMessage> Messages, JsonElement? System, int? MaxTokens, bool? Stream, JsonElement? Metadata);
