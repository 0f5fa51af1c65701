using System.Text;
using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Conversations;

/// <summary>The answer of an agent as a message: its text, the tool calls that the client has to run, and the fields of the model's server that it needs again.</summary>
internal sealed class ConversationAnswer
{
    private static readonly string[] Reserved = ["role", "content", "name", "refusal", "reasoning_content", "tool_calls", "tool_call_id", "function_call"];

    private readonly StringBuilder _text = new();
    private readonly OrderedDictionary<string, AnsweredCall> _calls = [];
    private readonly CollectedFields _extras = new();

    /// <summary>Bytes of its text, its tool calls and its fields.</summary>
    public long Bytes { get; private set; }

    public void Add(StreamEvent streamEvent)
    {
        if (streamEvent.Kind is StreamEventKind.Output or StreamEventKind.Thought)
            AddText(streamEvent);
        else if (streamEvent.Kind is StreamEventKind.ActionStart or StreamEventKind.ActionDelta or StreamEventKind.Action)
            AddCall(streamEvent, ActionMetadata.Read(streamEvent));
    }

    public void Write(Utf8JsonWriter messages)
    {
        TextPart[] text = _text.Length > 0 ? [new(_text.ToString())] : [];
        var calls = _calls.Where(static call => call.Value.IsForCaller).Select(static call => call.Value.ToPart(call.Key));
        ConversationJson.Write(messages, new("assistant", [.. text, .. calls]) { Extras = _extras.Join() });
    }

    private void AddText(StreamEvent text)
    {
        var extra = TextMetadata.Read(text).Extra;
        Bytes += extra.Length;
        if (!extra.IsEmpty)
            _extras.Add(JsonElement.Parse(extra.Span).Others(Reserved));
        if (text.Kind != StreamEventKind.Output)
            return;

        _text.Append(Encoding.UTF8.GetString(text.Content.Span));
        Bytes += text.Content.Length;
    }

    private void AddCall(StreamEvent action, in ActionMetadata metadata)
    {
        if (!_calls.TryGetValue(metadata.ToolCallId, out var call))
            _calls.Add(metadata.ToolCallId, call = new());

        call.Add(action, metadata);
        Bytes += action.Content.Length + metadata.Extra.Length + metadata.Input.Length;
    }
}
