namespace StreamRelay.Events;

/// <summary>What an external event of one kind must have.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Required">The fields that must not be missing.</param>
internal sealed record EventRule(StreamEventKind Kind, params EventField[] Required)
{
    /// <summary>The rules of the kinds that external agents may write.</summary>
    public static IReadOnlyList<EventRule> All { get; } =
    [
        new(StreamEventKind.Thought, EventField.Content),
        new(StreamEventKind.Output, EventField.Content),
        new(StreamEventKind.StepStart, EventField.Step),
        new(StreamEventKind.StepEnd, EventField.Step),
        new(StreamEventKind.ActionStart, EventField.ToolCallId, EventField.ToolName),
        new(StreamEventKind.ActionDelta, EventField.ToolCallId, EventField.ToolName),
        new(StreamEventKind.Action, EventField.ToolCallId, EventField.ToolName),
        new(StreamEventKind.Observation, EventField.ToolCallId),
        new(StreamEventKind.File, EventField.Name, EventField.Url, EventField.MediaType),
        new(StreamEventKind.Usage, EventField.PromptTokens, EventField.CompletionTokens),
        new(StreamEventKind.Data, EventField.Name, EventField.Data),
        new(StreamEventKind.Log),
        new(StreamEventKind.End),
        new(StreamEventKind.Error),
    ];
}
