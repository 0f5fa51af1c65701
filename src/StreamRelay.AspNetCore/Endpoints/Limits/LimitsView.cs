using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.Limits;

/// <summary>The limits of a caller, and how much of them is used. A list has what the key, the owner and the address of the caller are limited to; it is empty without limits.</summary>
/// <param name="Owner">The owner that the caller acts for.</param>
/// <param name="Requests">Requests.</param>
/// <param name="Tokens">Tokens.</param>
/// <param name="Streams">Open streams.</param>
/// <param name="RunningTasks">Running tasks.</param>
/// <param name="QueuedTasks">Waiting tasks.</param>
/// <param name="Bytes">The largest things that are accepted, in bytes, by name.</param>
/// <param name="EventsPerSecond">Events a second of one task; <c>null</c>: no limit.</param>
public sealed record LimitsView(
    string Owner, IReadOnlyList<RequestLimitView> Requests, IReadOnlyList<TokenLimitView> Tokens, IReadOnlyList<CountView> Streams,
    IReadOnlyList<CountView> RunningTasks, IReadOnlyList<CountView> QueuedTasks, IReadOnlyDictionary<string, long> Bytes, int? EventsPerSecond)
{
    /// <summary>Always <c>limits</c>.</summary>
    [JsonPropertyName("object")]
    [JsonPropertyOrder(-1)]
    public string Kind { get; } = "limits";
}
