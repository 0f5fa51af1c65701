using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.Files;

/// <summary>The files of a task, in the order of their making.</summary>
/// <param name="Data">The files.</param>
public sealed record FileList(IReadOnlyList<TaskFile> Data)
{
    /// <summary>Always <c>list</c>.</summary>
    [JsonPropertyName("object")]
    [JsonPropertyOrder(-1)]
    public string Kind { get; } = "list";
}
