using System.Text;
using System.Text.Json;

namespace StreamRelay.Events;

/// <summary>Reads events that external agents write as JSON objects with <c>event_type</c>, <c>content</c>,
/// <c>agent_name</c> and the fields of its kind. Other fields are kept as they are.</summary>
public static class EventReader
{
    private static readonly string[] Own = ["event_type", "content", "agent_name", "task_id", "sequence", "timestamp", "type"];

    private static readonly string[] Texts = ["content", "agent_name", "step", "tool_call_id", "tool_name", "name", "url", "media_type", "level", "category", "code"];

    private static readonly string[] FinishReasons = ["stop", "length", "tool_calls", "content_filter"];

    private static readonly Dictionary<string, (StreamEventKind Kind, string[] Required)> Kinds = new()
    {
        ["thought"] = (StreamEventKind.Thought, []),
        ["output"] = (StreamEventKind.Output, []),
        ["step_start"] = (StreamEventKind.StepStart, ["step"]),
        ["step_end"] = (StreamEventKind.StepEnd, ["step"]),
        ["action_start"] = (StreamEventKind.ActionStart, ["tool_call_id", "tool_name"]),
        ["action_delta"] = (StreamEventKind.ActionDelta, ["tool_call_id", "tool_name"]),
        ["action"] = (StreamEventKind.Action, ["tool_call_id", "tool_name"]),
        ["observation"] = (StreamEventKind.Observation, ["tool_call_id"]),
        ["file"] = (StreamEventKind.File, ["name", "url", "media_type"]),
        ["usage"] = (StreamEventKind.Usage, ["prompt_tokens", "completion_tokens"]),
        ["data"] = (StreamEventKind.Data, ["name", "data"]),
        ["log"] = (StreamEventKind.Log, []),
        ["end"] = (StreamEventKind.End, []),
        ["error"] = (StreamEventKind.Error, []),
    };

    /// <summary>Reads one event.</summary>
    /// <param name="json">The object.</param>
    /// <param name="fault">The error, with the name of the field; empty on success.</param>
    /// <returns><see langword="null"/> when it is not an event.</returns>
    public static StreamEvent? Read(JsonElement json, out string fault)
    {
        try
        {
            fault = Fault(json, out var kind) ?? "";
            return fault.Length > 0 ? null : new(kind, Text(json, "content"), Metadata(json, kind), Optional(json, "agent_name")?.GetString());
        }
        catch (InvalidOperationException)
        {
            fault = "a text is not valid Unicode";
            return null;
        }
    }

    private static string? Fault(JsonElement json, out StreamEventKind kind)
    {
        kind = default;
        if (json.ValueKind != JsonValueKind.Object)
            return "an event must be an object";
        if (Optional(json, "event_type") is not { ValueKind: JsonValueKind.String } type || !Kinds.TryGetValue(type.GetString()!, out var known))
            return $"'event_type' must be one of {string.Join(", ", Kinds.Keys)}";

        kind = known.Kind;
        if (known.Required.FirstOrDefault(name => Optional(json, name) is null) is { } missing)
            return $"'{missing}' is required for {type}";

        return Texts.FirstOrDefault(name => Optional(json, name) is { } value && value.ValueKind != JsonValueKind.String) is { } wrong
            ? $"'{wrong}' must be a string"
            : KindFault(json, kind);
    }

    private static string? KindFault(JsonElement json, StreamEventKind kind) => kind switch
    {
        StreamEventKind.ActionStart or StreamEventKind.ActionDelta or StreamEventKind.Action when Choice(json, "executor") is { } executor && executor is not ("agent" or "caller") =>
            "'executor' must be agent or caller",
        StreamEventKind.Observation when Optional(json, "is_error") is { } flag && flag.ValueKind is not (JsonValueKind.True or JsonValueKind.False) =>
            "'is_error' must be true or false",
        StreamEventKind.Usage when !IsCount(json, "prompt_tokens") || !IsCount(json, "completion_tokens") =>
            "'prompt_tokens' and 'completion_tokens' must be whole numbers",
        StreamEventKind.File when !Uri.TryCreate(json.GetProperty("url").GetString(), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") =>
            "'url' must be an http or https address",
        StreamEventKind.End when Choice(json, "finish_reason") is { } reason && !FinishReasons.Contains(reason) =>
            $"'finish_reason' must be one of {string.Join(", ", FinishReasons)}",
        _ => null,
    };

    private static ReadOnlyMemory<byte> Metadata(JsonElement json, StreamEventKind kind)
    {
        var isAction = kind is StreamEventKind.ActionStart or StreamEventKind.ActionDelta or StreamEventKind.Action;
        if (kind == StreamEventKind.Usage)
            return AgentEvents.Usage(json.GetProperty("prompt_tokens").GetInt64(), json.GetProperty("completion_tokens").GetInt64()).Metadata;
        var fields = json.EnumerateObject().Where(property => !Own.Contains(property.Name) && property.Value.ValueKind != JsonValueKind.Null).ToArray();
        if (!isAction && fields.Length == 0)
            return default;

        return AgentEvents.Json(writer =>
        {
            foreach (var field in fields)
                field.WriteTo(writer);
            if (isAction && Choice(json, "executor") is null)
                writer.WriteString("executor"u8, "agent"u8);
            if (kind == StreamEventKind.Action && Optional(json, "input") is null)
                WriteEmptyInput(writer);
        });
    }

    private static void WriteEmptyInput(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("input"u8);
        writer.WriteEndObject();
    }

    private static byte[] Text(JsonElement json, string name) => Encoding.UTF8.GetBytes(Optional(json, name)?.GetString() ?? "");

    private static bool IsCount(JsonElement json, string name) => Optional(json, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var count) && count >= 0;

    private static string? Choice(JsonElement json, string name) => Optional(json, name) is { } value ? value.ValueKind == JsonValueKind.String ? value.GetString() : "" : null;

    private static JsonElement? Optional(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
