using System.Text.Json;

namespace StreamRelay.Conversations;

/// <summary>Reads the tool calls of a message.</summary>
internal static class ToolCallReader
{
    /// <summary>Reads the calls; those without a function or a custom tool are left out.</summary>
    /// <param name="calls">The list, or <see langword="null"/>.</param>
    public static IEnumerable<ToolCallPart> Read(JsonElement? calls) =>
        calls is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(ReadCall).OfType<ToolCallPart>() : [];

    private static ToolCallPart? ReadCall(JsonElement call)
    {
        var custom = call.Find("custom");
        if ((custom ?? call.Find("function")) is not { } tool || tool.FindText("name") is not { } name)
            return null;

        var extra = call.Others("id", "type", "index", "function", "custom");
        return new(call.FindText("id") ?? "", name, tool.FindText(custom is null ? "arguments" : "input") ?? "")
        {
            IsCustom = custom is not null,
            Extra = StoredFields.ToObject(extra),
        };
    }
}
