using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiChat;

/// <summary>The data of one frame of a stream, as the API document describes it (OpenAI API, the chat completion chunk object). After the last one comes <c>[DONE]</c>.</summary>
/// <param name="Id">The id of the answer.</param>
/// <param name="Kind">Always <c>chat.completion.chunk</c>.</param>
/// <param name="Created">Unix time in seconds.</param>
/// <param name="Model">The agent's name.</param>
/// <param name="Choices">One choice with a <c>delta</c>; none in the chunk of the usage.</param>
/// <param name="Usage">The tokens used, in the last chunk of a stream that was asked for them.</param>
public sealed record OpenAiChatChunkView(
    string Id, [property: JsonPropertyName("object")] string Kind, long Created, string Model, IReadOnlyList<OpenAiChatChunkChoice> Choices, JsonElement? Usage);
