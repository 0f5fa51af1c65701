using System.Text.Json.Serialization;
using StreamRelay.AspNetCore.Tasks;

namespace StreamRelay.AspNetCore.Files;

/// <summary>The files of a task.</summary>
/// <param name="Data">In the order of their making.</param>
public sealed record FileList(IReadOnlyList<FileView> Data)
{
    /// <summary>Always <c>list</c>.</summary>
    [JsonPropertyName("object")]
    [JsonPropertyOrder(-1)]
    public string Kind { get; } = "list";
}
