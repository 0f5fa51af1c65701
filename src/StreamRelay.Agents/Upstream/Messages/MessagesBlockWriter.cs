using System.Text.Json;
using StreamRelay.Agents.Upstream.Requests;
using StreamRelay.Conversations;
using StreamRelay.Events;

namespace StreamRelay.Agents.Upstream.Messages;

/// <summary>Writes the blocks of a message.</summary>
/// <param name="json">The request.</param>
/// <param name="dropped">Gets the names of the parts that have no form in this API.</param>
internal sealed class MessagesBlockWriter(Utf8JsonWriter json, List<string> dropped)
{
    // A result without its call is refused. Servers use an id again in a later turn.
    private readonly HashSet<string> _droppedCalls = [];

    /// <summary>Writes parts under a name: a single text as a text, else a list of blocks; nothing when there are none.</summary>
    public void WriteContent(string name, IReadOnlyList<(ConversationPart Part, string Field)> parts)
    {
        if (parts is [(TextPart { Extras.Count: 0 } text, _)])
        {
            json.WriteString(name, text.Text);
            return;
        }

        if (parts.Count == 0)
            return;

        json.WriteStartArray(name);
        foreach (var (part, field) in parts)
            Write(part, field);

        json.WriteEndArray();
    }

    private void Write(ConversationPart part, string field)
    {
        switch (part)
        {
            case TextPart text:
                WriteText(text.Text, text.Extras);
                break;
            case RefusalPart refusal:
                WriteText(refusal.Text, refusal.Extras);
                break;
            case MediaPart media when MessagesMedia.CanWrite(media):
                dropped.AddRange(MessagesMedia.Write(json, media));
                break;
            case MediaPart media:
                dropped.Add(media.Field);
                break;
            case ReasoningPart reasoning:
                WriteReasoning(reasoning, field);
                break;
            case ToolCallPart call:
                WriteCall(call, field);
                break;
            case ToolResultPart result when !_droppedCalls.Contains(result.CallId):
                WriteResult(result, field);
                break;
            case UnknownPart unknown:
                dropped.Add(unknown.Field);
                break;
        }
    }

    /// <summary>Writes text. A block without text is refused.</summary>
    private void WriteText(string text, IReadOnlyDictionary<string, JsonElement> extras)
    {
        if (text.Length == 0)
            return;

        json.WriteStartObject();
        json.WriteString("type", "text");
        json.WriteString("text", text);
        json.WriteFields(extras);
        json.WriteEndObject();
    }

    private void WriteReasoning(ReasoningPart part, string field)
    {
        if (part.Signature is null)
        {
            dropped.Add($"{field}.reasoning_content");
            return;
        }

        json.WriteStartObject();
        if (part.IsEncrypted)
        {
            json.WriteString("type", "redacted_thinking");
            json.WriteString("data", part.Signature);
        }
        else
        {
            json.WriteString("type", "thinking");
            json.WriteString("thinking", part.Text);
            json.WriteString("signature", part.Signature);
        }

        json.WriteEndObject();
    }

    private void WriteCall(ToolCallPart call, string field)
    {
        if (call.IsCustom || Input(call.Input) is not { } input)
        {
            _droppedCalls.Add(call.Id);
            dropped.Add($"{field}.tool_calls");
            return;
        }

        _droppedCalls.Remove(call.Id);
        json.WriteStartObject();
        json.WriteString("type", "tool_use");
        json.WriteString("id", call.Id);
        json.WriteString("name", call.Name);
        json.WriteOptional("input", input);
        json.WriteFields(call.Extra?.Fields("type", "id", "name", "input") ?? []);
        json.WriteEndObject();
    }

    /// <summary>The arguments of a call, which are an object in this API; <see langword="null"/> when they are none.</summary>
    private static JsonElement? Input(string arguments)
    {
        try
        {
            return JsonElement.Parse(string.IsNullOrWhiteSpace(arguments) ? "{}" : arguments, JsonDepth.Document) is { ValueKind: JsonValueKind.Object } input ? input : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void WriteResult(ToolResultPart result, string field)
    {
        json.WriteStartObject();
        json.WriteString("type", "tool_result");
        json.WriteString("tool_use_id", result.CallId);
        WriteContent("content", [.. result.Content.Select(part => (part, field))]);
        if (result.IsError)
            json.WriteBoolean("is_error", true);

        json.WriteEndObject();
    }
}
