using System.Text.Json;
using System.Text.Json.Serialization;
using StreamRelay.Agents;

namespace StreamRelay.AspNetCore.Endpoints.Models;

/// <summary>An agent, as a model.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Kind">Always <c>model</c>.</param>
/// <param name="Created">Unix seconds; the same for all.</param>
/// <param name="OwnedBy">Always <c>streamrelay</c>.</param>
public sealed record Model(string Id, [property: JsonPropertyName("object")] string Kind, long Created, string OwnedBy)
{
    /// <summary>The JSON schema of the options that the agent takes as the request's <c>metadata</c>; absent when it takes any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? OptionsSchema { get; init; }

    // Agents have no date of their own; clients want a number.
    private const long Epoch = 1767225600;

    internal static Model Of(AgentDefinition agent) => new(agent.Name, "model", Epoch, "streamrelay") { OptionsSchema = agent.OptionsType?.Schema };
}
