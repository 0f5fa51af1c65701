using System.Text.Json;

namespace StreamRelay.Protocols.OpenAiChat;

/// <summary>The tool calls of one answer that the caller has to run, in the order of their beginning. Calls that the agent runs itself are not shown.</summary>
internal sealed class ChatToolCalls
{
    private readonly List<ChatToolCall> _calls = [];

    public IReadOnlyList<ChatToolCall> All => _calls;

    /// <summary>The call an action event speaks of, begun by it if need be; <see langword="null"/> when the agent runs it.</summary>
    public ChatToolCall? Take(StreamEvent action, out bool isNew)
    {
        isNew = false;
        using var json = JsonDocument.Parse(action.Metadata);
        var id = json.RootElement.GetProperty("tool_call_id").GetString()!;
        if (!json.RootElement.TryGetProperty("executor", out var executor) || executor.GetString() != "caller")
            return null;

        var call = _calls.Find(other => other.Id == id);
        if (call is not null)
            return call;

        isNew = true;
        call = new(_calls.Count, id, json.RootElement.GetProperty("tool_name").GetString()!);
        _calls.Add(call);
        return call;
    }
}
