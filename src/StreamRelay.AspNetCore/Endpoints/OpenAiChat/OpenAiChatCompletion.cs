using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiChat;

/// <summary>An answer in one piece, as the API document describes it (OpenAI API, the chat completion object).</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">Always <c>chat.completion</c>.</param>
/// <param name="Created">Unix time in seconds.</param>
/// <param name="Model">The agent's name.</param>
/// <param name="Choices">One choice.</param>
/// <param name="Usage">The tokens used.</param>
public sealed record OpenAiChatCompletion(
    string Id, [property: JsonPropertyName("object")] string Kind, long Created, string Model, IReadOnlyList<OpenAiChatChoice> Choices, JsonElement? Usage);
