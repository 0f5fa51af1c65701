using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary>The answer to a deletion.</summary>
/// <param name="Id">The task; absent when several could be meant.</param>
/// <param name="Deleted">How many tasks were deleted.</param>
public sealed record DeletedView([property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Id, int Deleted)
{
    /// <summary>Always <c>task.deleted</c>.</summary>
    [JsonPropertyName("object")]
    [JsonPropertyOrder(-1)]
    public string Kind { get; } = "task.deleted";
}
