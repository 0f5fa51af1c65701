using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.AiSdk;

/// <summary>A part of a message that holds a tool call and, once it is there, its result.</summary>
/// <param name="Call">The call.</param>
/// <param name="Result">The result; <see langword="null"/> while there is none.</param>
internal sealed record AiSdkTool(ToolCallPart Call, ToolResultPart? Result)
{
    private const string Prefix = "tool-";
    private const string Denied = "The user denied the execution of the tool.";

    /// <summary>Whether a part holds a tool call.</summary>
    public static bool Is(JsonElement part) => part.OptionalText("toolCallId") is not null;

    /// <summary>Reads a part.</summary>
    /// <returns><see langword="null"/> when the answer was stopped before the call was complete: the model has not made it.</returns>
    /// <exception cref="RequestException">400: the part is malformed.</exception>
    public static AiSdkTool? Read(JsonElement part, string name)
    {
        if (part.OptionalText("state") == "input-streaming")
            return null;

        var id = part.RequiredText("toolCallId", name);
        var type = part.RequiredText("type", name);
        var tool = type.StartsWith(Prefix, StringComparison.Ordinal) ? type[Prefix.Length..] : part.RequiredText("toolName", name);
        var call = new ToolCallPart(id, tool, Text(part.Optional("input") ?? part.Optional("rawInput")) ?? "{}")
        {
            Extra = UpstreamFields.Find(part, "callProviderMetadata"),
        };
        return new(call, ResultText(part) is { } result ? new(id, [new TextPart(result)]) { IsError = part.OptionalText("state") == "output-error" } : null);
    }

    private static string? ResultText(JsonElement part) =>
        Text(part.Optional("output")) ?? part.OptionalText("errorText") ?? DenialText(part, part.OptionalObject("approval"));

    private static string? DenialText(JsonElement part, JsonElement? approval) =>
        part.OptionalText("state") == "output-denied" || approval?.Optional("approved") is { ValueKind: JsonValueKind.False }
            ? approval?.OptionalText("reason") ?? Denied
            : null;

    /// <summary>Text as it is, and any other value as JSON.</summary>
    private static string? Text(JsonElement? value) => value is { ValueKind: JsonValueKind.String } text ? text.GetString() : value?.GetRawText();
}
