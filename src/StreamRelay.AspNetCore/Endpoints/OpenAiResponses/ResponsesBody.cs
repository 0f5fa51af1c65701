using System.Text.Json;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiResponses;

/// <summary>The body of <c>POST /v1/responses</c>: the fields that have an effect. Other fields of the API are accepted.</summary>
/// <param name="Model">The agent's name.</param>
/// <param name="Input">A text, or a list of items: messages, function calls and their outputs.</param>
/// <param name="Stream">Whether to answer with server-sent events.</param>
/// <param name="Background">Whether the response goes on when nobody reads it; without <c>stream</c> it is answered at once and polled.</param>
/// <param name="Store">False: deleted when it has ended and nobody reads it. Default true.</param>
/// <param name="PreviousResponseId">The response whose conversation this one continues.</param>
/// <param name="Conversation">The id of the conversation that this response continues and is appended to, or an object with it.</param>
/// <param name="Metadata">Anything; <c>write_tutorial</c> reads <c>language</c>.</param>
public sealed record ResponsesBody(string Model, JsonElement Input, bool? Stream, bool? Background, bool? Store, string? PreviousResponseId, JsonElement? Conversation, JsonElement? Metadata);
