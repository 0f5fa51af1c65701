using StreamRelay.Events;
using StreamRelay.Protocols.Json;

namespace StreamRelay.Protocols.Tools;

/// <summary>The tool calls of one task, in the order of their beginning.</summary>
/// <param name="callersOnly">Whether only those are kept that the client has to run.</param>
internal sealed class ToolCalls(bool callersOnly)
{
    private readonly List<ToolCall> _calls = [];
    private readonly Dictionary<string, ToolCall> _byId = [];

    public IReadOnlyList<ToolCall> All => _calls;

    public ToolCall? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The call an action event speaks of, begun by it if need be; <see langword="null"/> when it is not kept.</summary>
    public ToolCall? Take(StreamEvent action, out bool isNew)
    {
        isNew = false;
        var isCallers = action.Field("executor") == "caller";
        if (callersOnly && !isCallers)
            return null;

        var id = action.Field("tool_call_id");
        var call = Find(id);
        if (call is not null)
            return call;

        isNew = true;
        call = new(_calls.Count, id, action.Field("tool_name"), isCallers);
        _calls.Add(call);
        _byId.Add(id, call);
        return call;
    }
}
