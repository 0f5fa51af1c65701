namespace StreamRelay.Events;

/// <summary>The fields of an external event that are checked, or that are not part of its metadata.</summary>
internal enum EventField
{
    EventType,
    Content,
    AgentName,
    TaskId,
    Sequence,
    Timestamp,
    Type,
    Step,
    ToolCallId,
    ToolName,
    Name,
    Url,
    MediaType,
    Level,
    Category,
    Code,
    PromptTokens,
    CompletionTokens,
    PromptTokensDetails,
    CompletionTokensDetails,
    Data,
    Executor,
    Input,
    IsError,
    FinishReason,
}
