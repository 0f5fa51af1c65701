using System.Text;
using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Conversations;

/// <summary>The answer of an agent as a message: its text, and the tool calls that the client has to run.</summary>
internal sealed class ConversationAnswer
{
    private readonly StringBuilder _text = new();
    private readonly List<JsonElement> _calls = [];
    private readonly Dictionary<string, JsonElement> _extras = [];
    private readonly HashSet<string> _custom = [];

    /// <summary>Bytes of its text and its tool calls.</summary>
    public long Bytes { get; private set; }

    public void Add(StreamEvent streamEvent)
    {
        if (streamEvent.Kind == StreamEventKind.Output)
        {
            _text.Append(Encoding.UTF8.GetString(streamEvent.Content.Span));
            Bytes += streamEvent.Content.Length;
        }
        else if (streamEvent.Kind is StreamEventKind.ActionStart or StreamEventKind.ActionDelta)
        {
            Add(ActionMetadata.Read(streamEvent));
        }
        else if (streamEvent.Kind == StreamEventKind.Action && JsonElement.Parse(streamEvent.Metadata.Span) is var call
            && call.TryGetProperty("executor", out var executor) && executor.ValueEquals("caller"))
        {
            _calls.Add(call);
            Bytes += streamEvent.Metadata.Length;
        }
    }

    public void Write(Utf8JsonWriter messages)
    {
        messages.WriteStartObject();
        messages.WriteString("role"u8, "assistant"u8);
        messages.WriteString("content"u8, _text.Length == 0 && _calls.Count > 0 ? null : _text.ToString());
        if (_calls.Count > 0)
        {
            messages.WriteStartArray("tool_calls"u8);
            _calls.ForEach(call => WriteCall(call, messages));
            messages.WriteEndArray();
        }

        messages.WriteEndObject();
    }

    private void Add(ActionMetadata call)
    {
        if (call.IsCustom)
            _custom.Add(call.ToolCallId);
        if (call.Extra.IsEmpty)
            return;

        _extras[call.ToolCallId] = JsonElement.Parse(call.Extra.Span);
        Bytes += call.Extra.Length;
    }

    private void WriteCall(JsonElement call, Utf8JsonWriter messages)
    {
        var id = call.GetProperty("tool_call_id").GetString()!;
        messages.WriteStartObject();
        messages.WriteString("id"u8, id);
        messages.WriteString("type"u8, _custom.Contains(id) ? "custom"u8 : "function"u8);
        foreach (var field in _extras.TryGetValue(id, out var extra) ? extra.EnumerateObject() : default)
            field.WriteTo(messages);

        messages.WriteStartObject(_custom.Contains(id) ? "custom"u8 : "function"u8);
        messages.WriteString("name"u8, call.GetProperty("tool_name").GetString());
        if (_custom.Contains(id))
            messages.WriteString("input"u8, call.GetProperty("input").GetString());
        else
            messages.WriteString("arguments"u8, call.TryGetProperty("input", out var input) ? input.GetRawText() : "{}");

        messages.WriteEndObject();
        messages.WriteEndObject();
    }
}
