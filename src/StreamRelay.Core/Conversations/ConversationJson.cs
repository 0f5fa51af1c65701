using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace StreamRelay.Conversations;

/// <summary>Writes a conversation in the form in which tasks keep it and agents get it: messages as Chat Completions has them, with one more type of part,
/// <c>attachment</c>, for media that have no form there: those of a kind or with an address that it does not take, and those of others than the user.
/// A message of a tool that failed has the flag <c>x_is_error</c>.</summary>
public static class ConversationJson
{
    /// <summary>The type of a part for media without a form in Chat Completions.</summary>
    public const string Attachment = "attachment";

    /// <summary>The flag of a message of a tool that failed.</summary>
    public const string IsError = "x_is_error";

    private const string User = "user";
    private const string ReasoningDetails = "reasoning_details";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the messages.</summary>
    /// <returns>A UTF-8 JSON array.</returns>
    public static ReadOnlyMemory<byte> Write(IEnumerable<ConversationMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartArray();
            foreach (var message in messages)
                Write(json, message);

            json.WriteEndArray();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Writes a message.</summary>
    internal static void Write(Utf8JsonWriter json, ConversationMessage message)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, message.Role);
        if (message.Parts is [ToolResultPart result])
        {
            json.WriteString("tool_call_id"u8, result.CallId);
            WriteContent(json, message.Role, result.Content);
            if (result.IsError)
                json.WriteBoolean(IsError, true);
        }
        else
        {
            WriteContent(json, message.Role, message.Parts);
            WriteReasoning(json, [.. message.Parts.OfType<ReasoningPart>()], withSignatures: !message.Extras.ContainsKey(ReasoningDetails));
            if (message.Parts.OfType<RefusalPart>().ToArray() is { Length: > 0 } refusals)
                json.WriteString("refusal"u8, string.Concat(refusals.Select(static part => part.Text)));

            WriteCalls(json, [.. message.Parts.OfType<ToolCallPart>()]);
        }

        WriteExtras(json, message.Extras);
        json.WriteEndObject();
    }

    internal static void WriteExtras(Utf8JsonWriter json, IReadOnlyDictionary<string, JsonElement> extras)
    {
        foreach (var (name, value) in extras)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
    }

    /// <summary>Writes text and media. Servers refuse an empty list; what an assistant says is one text, and null next to calls when it says nothing.</summary>
    private static void WriteContent(Utf8JsonWriter json, string role, IReadOnlyList<ConversationPart> all)
    {
        ConversationPart[] parts = [.. all.Where(static part => part is TextPart or MediaPart or UnknownPart)];
        var isText = parts.All(static part => part is TextPart && part.Extras.Count == 0);
        if (isText && (parts.Length < 2 || role != User))
        {
            var text = string.Concat(parts.Cast<TextPart>().Select(static part => part.Text));
            json.WriteString("content"u8, parts.Length == 0 && all.Any(static part => part is ToolCallPart) ? null : text);
            return;
        }

        json.WriteStartArray("content"u8);
        foreach (var part in parts)
        {
            if (part is TextPart text)
                WriteText(json, text);
            else if (part is UnknownPart unknown)
                unknown.Json.WriteTo(json);
            else if (role == User)
                ConversationMedia.Write(json, (MediaPart)part);
            else
                ConversationMedia.WriteAttachment(json, (MediaPart)part);
        }

        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, TextPart part)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, part.Text);
        WriteExtras(json, part.Extras);
        json.WriteEndObject();
    }

    /// <summary>Writes reasoning under the names that servers of reasoning models read.</summary>
    private static void WriteReasoning(Utf8JsonWriter json, ReasoningPart[] parts, bool withSignatures)
    {
        var text = string.Join("\n\n", parts.Select(static part => part.Text).Where(static text => text.Length > 0));
        if (text.Length > 0)
            json.WriteString("reasoning_content"u8, text);
        if (!withSignatures || !parts.Any(static part => part.Signature is not null))
            return;

        json.WriteStartArray(ReasoningDetails);
        foreach (var part in parts.Where(static part => part.Signature is not null))
        {
            var isText = part.Text.Length > 0 || !part.IsEncrypted;
            json.WriteStartObject();
            json.WriteString("type"u8, isText ? "reasoning.text"u8 : "reasoning.encrypted"u8);
            if (isText)
                json.WriteString("text"u8, part.Text);

            json.WriteString(isText ? "signature"u8 : "data"u8, part.Signature);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCalls(Utf8JsonWriter json, ToolCallPart[] calls)
    {
        if (calls.Length == 0)
            return;

        json.WriteStartArray("tool_calls"u8);
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, call.Id);
            json.WriteString("type"u8, call.IsCustom ? "custom"u8 : "function"u8);
            foreach (var field in (call.Extra?.EnumerateObject() ?? default).Where(static field => field.Name is not ("id" or "type" or "function" or "custom")))
                field.WriteTo(json);

            WriteExtras(json, call.Extras);
            json.WriteStartObject(call.IsCustom ? "custom"u8 : "function"u8);
            json.WriteString("name"u8, call.Name);
            json.WriteString(call.IsCustom ? "input"u8 : "arguments"u8, call.Input);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
