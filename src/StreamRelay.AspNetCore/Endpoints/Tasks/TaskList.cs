using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary>A page of tasks, newest first.</summary>
/// <param name="Data">The tasks.</param>
/// <param name="HasMore">Whether older ones match too.</param>
/// <param name="Next">What to send as <c>before</c> for the next page.</param>
public sealed record TaskList(IReadOnlyList<TaskView> Data, bool HasMore, string? Next)
{
    /// <summary>Always <c>list</c>.</summary>
    [JsonPropertyName("object")]
    [JsonPropertyOrder(-1)]
    public string Kind { get; } = "list";
}
