using System.Text.Json;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiConversations;

/// <summary>The body of requests that create or change a conversation.</summary>
/// <param name="Items">Items as the input of a response has them: messages, function calls and their outputs.</param>
/// <param name="Metadata">Anything.</param>
public sealed record ConversationBody(IReadOnlyList<JsonElement>? Items, JsonElement? Metadata);
