using System.Text.Json;
using StreamRelay.Agents.Upstream.Requests;
using StreamRelay.Conversations;

namespace StreamRelay.Agents.Upstream.Responses;

/// <summary>Writes the items that a message consists of.</summary>
/// <param name="json">The request.</param>
/// <param name="dropped">Gets the names of what has no form in this API.</param>
internal sealed class ResponsesItemWriter(Utf8JsonWriter json, List<string> dropped)
{
    private const string Assistant = "assistant";

    // A result has the type of its call. Servers use an id again in a later turn.
    private readonly HashSet<string> _customCalls = [];

    /// <summary>Writes a message: its reasoning, what it says, its calls, or the result of a call.</summary>
    public void Write(ConversationMessage message, string field)
    {
        if (message.Role is not ("user" or Assistant or "system" or "developer" or "tool"))
        {
            dropped.Add(field);
            return;
        }

        foreach (var reasoning in message.Parts.OfType<ReasoningPart>())
            WriteReasoning(reasoning);

        WriteMessage(message, field);
        foreach (var call in message.Parts.OfType<ToolCallPart>())
            WriteCall(call);
        foreach (var result in message.Parts.OfType<ToolResultPart>())
            WriteResult(result);
    }

    private void WriteReasoning(ReasoningPart part)
    {
        json.WriteStartObject();
        json.WriteString("type", "reasoning");
        json.WriteStartArray("summary");
        if (part.Text.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("type", "summary_text");
            json.WriteString("text", part.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteOptional("encrypted_content", part.Signature is { Length: > 0 } ? part.Signature : null);
        json.WriteEndObject();
    }

    private void WriteMessage(ConversationMessage message, string field)
    {
        ConversationPart[] parts = [.. message.Parts.Where(static part => part is TextPart or RefusalPart or MediaPart or UnknownPart)];
        KeyValuePair<string, JsonElement>[] extras = [.. RequestMessages.Extras(message)];
        if (parts.Length == 0 || (message.Role == Assistant && parts is [TextPart { Text: "", Extras.Count: 0 }]))
        {
            dropped.AddRange(extras.Select(extra => $"{field}.{extra.Key}"));
            return;
        }

        if (message.Extras.ContainsKey("name"))
            dropped.Add($"{field}.name");

        json.WriteStartObject();
        json.WriteString("type", "message");
        json.WriteString("role", message.Role);
        var content = new ResponsesContentWriter(json, dropped, message.Role == Assistant);
        content.Write("content", parts);
        json.WriteFields(extras.Where(static extra => extra.Key is not ("name" or "type" or "role" or "content")));
        json.WriteEndObject();
    }

    private void WriteCall(ToolCallPart call)
    {
        if (call.IsCustom)
            _customCalls.Add(call.Id);
        else
            _customCalls.Remove(call.Id);

        json.WriteStartObject();
        json.WriteString("type", call.IsCustom ? "custom_tool_call" : "function_call");
        json.WriteString("call_id", call.Id);
        json.WriteString("name", call.Name);
        json.WriteString(call.IsCustom ? "input" : "arguments", call.Input);
        json.WriteFields(call.Extra?.Fields("id", "type", "call_id", "name", "input", "arguments") ?? []);
        json.WriteEndObject();
    }

    private void WriteResult(ToolResultPart result)
    {
        json.WriteStartObject();
        json.WriteString("type", _customCalls.Contains(result.CallId) ? "custom_tool_call_output" : "function_call_output");
        json.WriteString("call_id", result.CallId);
        new ResponsesContentWriter(json, dropped, isAssistant: false).Write("output", result.Content);
        json.WriteEndObject();
    }
}
