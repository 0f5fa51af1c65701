using System.Text;
using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Conversations;

/// <summary>A tool call of an answer, collected from its events.</summary>
internal sealed class AnsweredCall
{
    private readonly StringBuilder _arguments = new();
    private readonly Dictionary<string, JsonElement> _extra = [];
    private string _name = "";
    private bool _isCustom;

    /// <summary>Whether the call is complete, and the client has to run it.</summary>
    public bool IsForCaller { get; private set; }

    /// <summary>Adds an event of the call.</summary>
    public void Add(StreamEvent action, in ActionMetadata metadata)
    {
        _name = metadata.ToolName;
        _isCustom |= metadata.IsCustom;
        IsForCaller = action.Kind == StreamEventKind.Action && metadata.IsForCaller;
        if (!metadata.Extra.IsEmpty)
            AddExtra(JsonElement.Parse(metadata.Extra.Span));

        // An agent may give the arguments with the call instead of in pieces.
        if (action.Kind == StreamEventKind.ActionDelta)
            _arguments.Append(Encoding.UTF8.GetString(action.Content.Span));
        else if (_arguments.Length == 0 && !metadata.Input.IsEmpty)
            _arguments.Append(Text(JsonElement.Parse(metadata.Input.Span)));
    }

    /// <summary>The call as a part of the assistant's message.</summary>
    public ToolCallPart ToPart(string id) => new(id, _name, _arguments.Length == 0 && !_isCustom ? "{}" : _arguments.ToString())
    {
        IsCustom = _isCustom,
        Extra = StoredFields.ToObject(_extra),
    };

    private void AddExtra(JsonElement extra)
    {
        foreach (var (name, value) in extra.Others())
            _extra[name] = value;
    }

    private string Text(JsonElement input) => _isCustom && input.ValueKind == JsonValueKind.String ? input.GetString()! : input.GetRawText();
}
