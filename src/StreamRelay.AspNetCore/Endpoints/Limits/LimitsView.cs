using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.Limits;

/// <summary>The limits of a caller on this server, and how much of them is used.</summary>
/// <param name="Owner">The owner that the caller acts for.</param>
/// <param name="Requests">The limits of requests; empty when there are none.</param>
/// <param name="Streams">Open streams of the owner.</param>
/// <param name="RunningTasks">Running tasks of the owner.</param>
/// <param name="QueuedTasks">Waiting tasks of the owner.</param>
/// <param name="Bytes">The largest things that are accepted, in bytes, by name.</param>
public sealed record LimitsView(
    string Owner, IReadOnlyList<RequestLimitView> Requests, CountView Streams, CountView RunningTasks, CountView QueuedTasks, IReadOnlyDictionary<string, long> Bytes)
{
    /// <summary>Always <c>limits</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; } = "limits";
}
