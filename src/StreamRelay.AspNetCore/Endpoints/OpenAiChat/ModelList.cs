using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiChat;

/// <summary>The agents there are, as models.</summary>
/// <param name="Kind">Always <c>list</c>.</param>
/// <param name="Data">One for each agent that the caller may start.</param>
public sealed record ModelList([property: JsonPropertyName("object")] string Kind, IReadOnlyList<Model> Data);
