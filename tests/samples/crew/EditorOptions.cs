using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Crew;

/// <summary>What a request can ask of the crew, as its metadata.</summary>
internal sealed class EditorOptions
{
    [Description("How many facts the article has"), Range(1, 3)]
    public int Facts { get; init; } = 2;
}
