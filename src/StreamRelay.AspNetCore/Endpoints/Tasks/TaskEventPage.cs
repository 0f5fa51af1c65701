using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary>A page of events, as the API document describes it.</summary>
/// <param name="Kind">Always <c>list</c>.</param>
/// <param name="Data">The events, in order.</param>
/// <param name="HasMore">Whether the log has more events after them now.</param>
/// <param name="Next">The <c>after</c> of the next page.</param>
public sealed record TaskEventPage([property: JsonPropertyName("object")] string Kind, IReadOnlyList<TaskEvent> Data, bool HasMore, long Next);
