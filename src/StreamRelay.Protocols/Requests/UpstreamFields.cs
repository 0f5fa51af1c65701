using System.Text.Json;

namespace StreamRelay.Protocols.Requests;

/// <summary>Finds the fields of a model's server that an answer gave to a client, and that the client sends back.</summary>
internal static class UpstreamFields
{
    /// <summary>The provider that stands for the model's server.</summary>
    public const string Upstream = "upstream";

    /// <summary>The members of a message that the API of the server has; a field of a server does not replace them.</summary>
    private static readonly string[] Reserved = ["role", "content", "name", "refusal", "reasoning_content", "tool_calls", "tool_call_id", "function_call"];

    /// <summary>The object that holds them; <see langword="null"/> when there is none.</summary>
    /// <param name="json">A part, a message, a call or an item.</param>
    /// <param name="name">The member that holds what belongs to providers.</param>
    public static JsonElement? Find(JsonElement json, string name) =>
        json.Optional(name) is { ValueKind: JsonValueKind.Object } providers && providers.Optional(Upstream) is { ValueKind: JsonValueKind.Object } fields ? fields : null;

    /// <summary>The fields by name.</summary>
    public static Dictionary<string, JsonElement> ToExtras(JsonElement? fields) =>
        (fields is { ValueKind: JsonValueKind.Object } given ? given.EnumerateObject() : default).Where(field => !Reserved.Contains(field.Name))
            .DistinctBy(field => field.Name).ToDictionary(field => field.Name, field => field.Value);
}
