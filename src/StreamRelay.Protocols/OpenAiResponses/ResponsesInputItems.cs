using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>Writes the input of a task as the items that this API lists. Their ids follow from the task and their places, so that they are the same each time.</summary>
public sealed class ResponsesInputItems
{
    private readonly TaskId _task;
    private readonly List<ConversationItem> _items = [];
    private readonly HashSet<string> _customCalls = [];

    private ResponsesInputItems(TaskId task) => _task = task;

    /// <summary>Lists the items of all messages.</summary>
    /// <param name="task">The task.</param>
    /// <param name="input">Its input.</param>
    public static IReadOnlyList<ConversationItem> List(TaskId task, TaskInput input) => List(task, input, 0);

    /// <summary>Lists the items of the messages from one on.</summary>
    /// <param name="task">The task.</param>
    /// <param name="input">Its input.</param>
    /// <param name="first">The number of messages before it.</param>
    public static IReadOnlyList<ConversationItem> List(TaskId task, TaskInput input, int first)
    {
        ArgumentNullException.ThrowIfNull(input);
        var content = JsonElement.Parse(input.Content.Span);
        var list = new ResponsesInputItems(task);
        if (content.ValueKind == JsonValueKind.String)
        {
            list.AddMessage("user", content);
            return list._items;
        }

        foreach (var message in content.EnumerateArray().Take(first))
            list.Add(message);

        var before = list._items.Count;
        foreach (var message in content.EnumerateArray().Skip(first))
            list.Add(message);

        return list._items[before..];
    }

    private void Add(JsonElement message)
    {
        var role = Text(message, "role") ?? "user";
        if (role == "tool" && Text(message, "tool_call_id") is { } call)
        {
            AddResult(call, message);
            return;
        }

        if (role == "assistant")
            ResponsesReasoningItems.Write(message, (write) => Add("reasoning", "rs", write));

        AddMessage(role, Member(message, "content"), Member(message, "refusal"), ResponsesReasoningItems.Extras(message));
        foreach (var toolCall in Elements(Member(message, "tool_calls")))
            AddCall(toolCall);
    }

    private void AddMessage(string role, JsonElement? content, JsonElement? refusal = null, IReadOnlyList<JsonProperty>? extras = null)
    {
        // An assistant without text next to its calls has no message.
        var isEmpty = role == "assistant" && (content is not { } text || (text.ValueKind == JsonValueKind.String && text.ValueEquals("")));
        if (isEmpty && refusal is null && extras is not { Count: > 0 })
            return;

        Add("message", "msg", json =>
        {
            json.WriteString("status", "completed");
            json.WriteString("role", role);
            json.WriteStartArray("content");
            if (!isEmpty && content is { } given)
                ResponsesInputParts.Write(json, role, given);
            if (refusal is { ValueKind: JsonValueKind.String } refused)
                ResponsesInputParts.WriteRefusal(json, refused);

            json.WriteEndArray();
            WriteExtras(json, extras ?? []);
        });
    }

    private void AddResult(string call, JsonElement message)
    {
        var isCustom = _customCalls.Contains(call);
        Add(isCustom ? "custom_tool_call_output" : "function_call_output", isCustom ? "ctco" : "fco", json =>
        {
            json.WriteString("status", "completed");
            json.WriteString("call_id", call);
            json.WritePropertyName("output");
            if (Member(message, "content") is not { ValueKind: JsonValueKind.Array } parts)
            {
                json.WriteStringValue(Text(message, "content") ?? "");
            }
            else
            {
                json.WriteStartArray();
                ResponsesInputParts.Write(json, "tool", parts);
                json.WriteEndArray();
            }

            WriteExtras(json, ResponsesReasoningItems.Extras(message));
        });
    }

    private void AddCall(JsonElement call)
    {
        var isCustom = Text(call, "type") == "custom";
        var id = Text(call, "id") ?? "";
        if (isCustom)
            _customCalls.Add(id);

        var body = Member(call, isCustom ? "custom" : "function");
        Add(isCustom ? "custom_tool_call" : "function_call", isCustom ? "ctc" : "fc", json =>
        {
            json.WriteString("status", "completed");
            json.WriteString("call_id", id);
            json.WriteString("name", body is { } named ? Text(named, "name") : null);
            json.WriteString(isCustom ? "input" : "arguments", body is { } given ? Text(given, isCustom ? "input" : "arguments") : null);
            WriteExtras(json, [.. call.EnumerateObject().Where(static field => field.Name is not ("id" or "type" or "function" or "custom" or "index"))]);
        });
    }

    private void Add(string type, string prefix, Action<Utf8JsonWriter> write)
    {
        var id = $"{prefix}_{_task}_in{_items.Count}";
        _items.Add(new(id, ResponsesItemJson.Write(id, type, write)));
    }

    private static void WriteExtras(Utf8JsonWriter json, IReadOnlyList<JsonProperty> extras)
    {
        if (extras.Count == 0)
            return;

        json.WriteStartObject("x_extra");
        foreach (var field in extras)
            field.WriteTo(json);

        json.WriteEndObject();
    }

    private static JsonElement? Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? Text(JsonElement json, string name) => Member(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement.ArrayEnumerator Elements(JsonElement? list) => list is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : default;
}
