using System.Text.Json;

namespace StreamRelay.Protocols.Requests;

/// <summary>Reads the tools of a request.</summary>
internal static class ToolList
{
    /// <summary>Each tool, with the path of its field.</summary>
    /// <exception cref="RequestException">400: it is not a list, or one of its items is not an object.</exception>
    public static IEnumerable<(JsonElement Tool, string Field)> Read(JsonElement tools)
    {
        if (tools.ValueKind != JsonValueKind.Array)
            throw JsonFields.Wrong("tools", "a list of tools");

        var index = 0;
        foreach (var tool in tools.EnumerateArray())
        {
            var field = $"tools[{index++}]";
            yield return tool.ValueKind == JsonValueKind.Object ? (tool, field) : throw JsonFields.Wrong(field, "an object");
        }
    }
}
