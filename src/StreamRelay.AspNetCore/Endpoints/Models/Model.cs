using System.Text.Json.Serialization;

namespace StreamRelay.AspNetCore.Endpoints.Models;

/// <summary>An agent, as a model.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Kind">Always <c>model</c>.</param>
/// <param name="Created">Unix seconds; the same for all.</param>
/// <param name="OwnedBy">Always <c>streamrelay</c>.</param>
public sealed record Model(string Id, [property: JsonPropertyName("object")] string Kind, long Created, string OwnedBy)
{
    // Agents have no date of their own; clients want a number.
    private const long Epoch = 1767225600;

    internal static Model Of(string agent) => new(agent, "model", Epoch, "streamrelay");
}
