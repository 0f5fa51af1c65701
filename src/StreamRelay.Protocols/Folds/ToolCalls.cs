using StreamRelay.Events;

namespace StreamRelay.Protocols.Folds;

/// <summary>The tool calls of one task, in the order of their first events.</summary>
/// <param name="onlyForCaller">Whether only those are kept that the client has to run.</param>
internal sealed class ToolCalls(bool onlyForCaller)
{
    private readonly List<ToolCall> _calls = [];
    private readonly Dictionary<string, ToolCall> _byId = [];

    public IReadOnlyList<ToolCall> All => _calls;

    public ToolCall? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Applies an <c>action_start</c>, <c>action_delta</c> or <c>action</c> to its call.</summary>
    /// <returns><see langword="null"/> when the call is not kept.</returns>
    public ToolCallUpdate? Apply(StreamEvent action)
    {
        var metadata = ActionMetadata.Read(action);
        if (onlyForCaller && !metadata.IsForCaller)
            return null;

        var call = Find(metadata.ToolCallId);
        var isNew = call is null;
        call ??= Begin(metadata);
        var wasComplete = call.IsComplete;
        call.AddExtra(metadata.Extra);
        return new(call, isNew, call.Add(action, metadata), call.IsComplete && !wasComplete, action.Kind, metadata.Extra);
    }

    private ToolCall Begin(in ActionMetadata metadata)
    {
        var call = new ToolCall(_calls.Count, metadata.ToolCallId, metadata.ToolName, metadata.IsForCaller) { IsCustom = metadata.IsCustom };
        _calls.Add(call);
        _byId.Add(metadata.ToolCallId, call);
        return call;
    }
}
