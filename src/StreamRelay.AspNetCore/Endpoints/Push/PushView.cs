using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.Push;

/// <summary>The result of a push; the events that were accepted are durable.</summary>
/// <param name="Accepted">How many were appended.</param>
/// <param name="Duplicates">How many were in the log already, and not appended again.</param>
/// <param name="LastSequence">The offset of the last event of the task.</param>
public sealed record PushView(int Accepted, int Duplicates, long LastSequence)
{
    /// <summary>Always <c>push</c>.</summary>
    [JsonPropertyName("object")]
    [JsonPropertyOrder(-1)]
    public string Kind { get; } = "push";
}
