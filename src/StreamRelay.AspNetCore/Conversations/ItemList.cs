using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Conversations;

/// <summary>A page of items, as the API document describes it.</summary>
/// <param name="Kind">Always <c>list</c>.</param>
/// <param name="Data">The items.</param>
/// <param name="FirstId">The id of the first one, or null.</param>
/// <param name="LastId">The id of the last one, or null: what to send as <c>after</c> for the next page.</param>
/// <param name="HasMore">Whether more follow.</param>
public sealed record ItemList([property: JsonPropertyName("object")] string Kind, IReadOnlyList<JsonElement> Data, string? FirstId, string? LastId, bool HasMore);
