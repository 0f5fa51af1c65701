using System.Text.Json;

namespace StreamRelay.Events;

/// <summary>Reads events that external agents write as JSON objects with <c>event_type</c>, <c>content</c>,
/// <c>agent_name</c> and the fields of its kind. Other fields are kept as they are.</summary>
public static class EventReader
{
    private static readonly EventField[] Texts =
    [
        EventField.Content, EventField.AgentName, EventField.Step, EventField.ToolCallId, EventField.ToolName, EventField.Name, EventField.Url, EventField.MediaType,
        EventField.Level, EventField.Category, EventField.Code,
    ];

    private static readonly string[] FinishReasons = ["stop", "length", "tool_calls", "content_filter"];

    /// <summary>Reads one event.</summary>
    /// <param name="json">The object.</param>
    /// <param name="fault">The error, with the name of the field; empty on success.</param>
    /// <returns><see langword="null"/> when it is not an event.</returns>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static StreamEvent? Read(ReadOnlySpan<byte> json, out string fault)
    {
        try
        {
            Span<JsonRange> values = stackalloc JsonRange[EventFields.Known];
            values.Clear();
            var fields = new EventFields(json, values);
            fault = Fault(in fields, out var kind) ?? "";
            return fault.Length > 0 ? null : new(kind, fields.Utf8(EventField.Content), Metadata(in fields, kind), fields.Text(EventField.AgentName));
        }
        catch (InvalidOperationException)
        {
            fault = "a text is not valid Unicode";
            return null;
        }
    }

    private static string? Fault(in EventFields fields, out StreamEventKind kind)
    {
        kind = default;
        if (!fields.IsObject)
            return "an event must be an object";
        if (FindRule(in fields) is not { } rule)
            return $"'event_type' must be one of {string.Join(", ", EventRule.All.Select(static known => known.Kind.ToName()))}";

        kind = rule.Kind;
        foreach (var field in rule.Required)
        {
            if (!fields.Has(field))
                return $"'{EventFields.Name(field)}' is required for {kind.ToName()}";
        }

        foreach (var field in Texts)
        {
            if (fields.Type(field) is not (JsonTokenType.None or JsonTokenType.String))
                return $"'{EventFields.Name(field)}' must be a string";
        }

        return KindFault(in fields, kind);
    }

    private static EventRule? FindRule(in EventFields fields)
    {
        foreach (var rule in EventRule.All)
        {
            if (fields.Is(EventField.EventType, rule.Kind.ToUtf8Name()))
                return rule;
        }

        return null;
    }

    private static string? KindFault(in EventFields fields, StreamEventKind kind) => kind switch
    {
        StreamEventKind.ActionStart or StreamEventKind.ActionDelta or StreamEventKind.Action
            when fields.Has(EventField.Executor) && !fields.Is(EventField.Executor, "agent"u8) && !fields.Is(EventField.Executor, "caller"u8) =>
            "'executor' must be agent or caller",
        StreamEventKind.Observation when fields.Type(EventField.IsError) is not (JsonTokenType.None or JsonTokenType.True or JsonTokenType.False) =>
            "'is_error' must be true or false",
        StreamEventKind.Usage when fields.Count(EventField.PromptTokens) is null || fields.Count(EventField.CompletionTokens) is null =>
            "'prompt_tokens' and 'completion_tokens' must be whole numbers",
        StreamEventKind.File when !Uri.TryCreate(fields.Text(EventField.Url), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") =>
            "'url' must be an http or https address",
        StreamEventKind.End when fields.Has(EventField.FinishReason) && !HasFinishReason(in fields) =>
            $"'finish_reason' must be one of {string.Join(", ", FinishReasons)}",
        _ => null,
    };

    private static bool HasFinishReason(in EventFields fields) =>
        fields.Type(EventField.FinishReason) == JsonTokenType.String && FinishReasons.Contains(fields.Text(EventField.FinishReason));

    private static ReadOnlyMemory<byte> Metadata(in EventFields fields, StreamEventKind kind) => kind switch
    {
        StreamEventKind.Usage => AgentEvents.Usage(fields.Count(EventField.PromptTokens)!.Value, fields.Count(EventField.CompletionTokens)!.Value,
            details: new(fields.Json(EventField.PromptTokensDetails), fields.Json(EventField.CompletionTokensDetails))).Metadata,
        StreamEventKind.Action => JsonObject.Create(fields, static (json, fields) =>
        {
            WriteAction(json, fields);
            if (!fields.Has(EventField.Input))
                WriteEmptyInput(json);
        }),
        StreamEventKind.ActionStart or StreamEventKind.ActionDelta => JsonObject.Create(fields, WriteAction),
        _ => fields.HasMetadata ? JsonObject.Create(fields, static (json, fields) => fields.WriteMetadata(json)) : default,
    };

    private static void WriteAction(Utf8JsonWriter json, EventFields fields)
    {
        fields.WriteMetadata(json);
        if (!fields.Has(EventField.Executor))
            json.WriteString("executor"u8, "agent"u8);
    }

    private static void WriteEmptyInput(Utf8JsonWriter json)
    {
        json.WriteStartObject("input"u8);
        json.WriteEndObject();
    }
}
