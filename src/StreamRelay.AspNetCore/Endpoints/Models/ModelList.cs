using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.Models;

/// <summary>The agents that the caller may start, as models.</summary>
/// <param name="Kind">Always <c>list</c>.</param>
/// <param name="Data">One model for each agent.</param>
public sealed record ModelList([property: JsonPropertyName("object")] string Kind, IReadOnlyList<Model> Data);
