using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.Push;

/// <summary>What became of pushed events; all of them are durable.</summary>
/// <param name="Accepted">How many were appended.</param>
/// <param name="Duplicates">How many were known already, and not appended again.</param>
/// <param name="LastSequence">The task's last event.</param>
public sealed record PushView(int Accepted, int Duplicates, long LastSequence)
{
    /// <summary>Always <c>push</c>.</summary>
    [JsonPropertyName("object")]
    [JsonPropertyOrder(-1)]
    public string Kind { get; } = "push";
}
