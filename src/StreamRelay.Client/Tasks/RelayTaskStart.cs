using System.Text.Json;
using System.Text.Json.Nodes;

namespace StreamRelay.Client.Tasks;

/// <summary>What to start.</summary>
/// <param name="Agent">The agent's name; <see langword="null"/> for the server's default agent.</param>
/// <param name="Input">A text, or a list of messages in the form of Chat Completions.</param>
public sealed record RelayTaskStart(string? Agent, JsonNode Input)
{
    /// <summary>The conversation it continues; default none.</summary>
    public string? SessionId { get; init; }

    /// <summary>The external operation that the task waits for; default none. Needs <see cref="SessionId"/> and <see cref="ToolCallId"/>.</summary>
    public string? OperationId { get; init; }

    /// <summary>The tool call that the task answers; default none.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>Anything; agents may read it. Default none.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>Starts with the same key and the same content are one task, also after a restart of the application. Default: a key of this start alone, so that a start that is repeated over a cut connection runs once.</summary>
    public string? IdempotencyKey { get; init; }

    internal byte[] ToJson()
    {
        var body = new JsonObject { ["input"] = Input.DeepClone() };
        Add("agent", Agent);
        Add("session_id", SessionId);
        Add("operation_id", OperationId);
        Add("tool_call_id", ToolCallId);
        Add("metadata", Metadata?.DeepClone());
        return JsonSerializer.SerializeToUtf8Bytes(body, ClientJson.Default.JsonObject);

        void Add(string name, JsonNode? value)
        {
            if (value is not null)
                body[name] = value;
        }
    }
}
