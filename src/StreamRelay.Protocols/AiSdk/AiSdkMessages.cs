using System.Security.Cryptography;
using System.Text.Json;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.AiSdk;

/// <summary>Converts the UI messages of a chat into the list of messages that agents get.</summary>
internal static class AiSdkMessages
{
    /// <exception cref="RequestException">400, naming the message that is wrong.</exception>
    public static ReadOnlyMemory<byte> Convert(JsonElement? messages) => MessageList.Convert(messages, Write);

    /// <summary>The hash of the last message.</summary>
    public static ReadOnlyMemory<byte> Fingerprint(JsonElement messages) => SHA256.HashData(messages[messages.GetArrayLength() - 1].Raw().Span);

    private static void Write(Utf8JsonWriter json, JsonElement message, string name)
    {
        if (message.Optional("parts") is not { ValueKind: JsonValueKind.Array } parts || parts.EnumerateArray().Any(part => part.ValueKind != JsonValueKind.Object))
            throw JsonFields.Wrong($"{name}.parts", "a list of parts");

        var tools = parts.EnumerateArray().Where(part => part.OptionalText("toolCallId") is not null).ToArray();
        json.WriteStartObject();
        json.WriteString("role", message.OptionalText("role"));
        json.WriteStartArray("content");
        foreach (var part in parts.EnumerateArray())
            WritePart(json, part);

        json.WriteEndArray();
        WriteCalls(json, tools);
        json.WriteEndObject();
        foreach (var tool in tools)
            WriteResult(json, tool);
    }

    private static void WritePart(Utf8JsonWriter json, JsonElement part)
    {
        if (part.OptionalText("type") is "text" or "file")
            part.WriteTo(json);
    }

    private static void WriteCalls(Utf8JsonWriter json, JsonElement[] tools)
    {
        if (tools.Length == 0)
            return;

        json.WriteStartArray("tool_calls");
        foreach (var tool in tools)
        {
            json.WriteStartObject();
            json.WriteString("id", tool.OptionalText("toolCallId"));
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", Name(tool));
            json.WriteString("arguments", tool.Optional("input")?.GetRawText() ?? "{}");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteResult(Utf8JsonWriter json, JsonElement tool)
    {
        if ((tool.Optional("output")?.GetRawText() ?? tool.OptionalText("errorText")) is not { } result)
            return;

        json.WriteStartObject();
        json.WriteString("role", "tool");
        json.WriteString("tool_call_id", tool.OptionalText("toolCallId"));
        json.WriteString("content", result);
        json.WriteEndObject();
    }

    private static string Name(JsonElement tool)
    {
        const string Prefix = "tool-";
        var type = tool.OptionalText("type") ?? "";
        return type.StartsWith(Prefix, StringComparison.Ordinal) ? type[Prefix.Length..] : tool.OptionalText("toolName") ?? "";
    }
}
