using System.Text.Json;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary>The fields of an event, as the API document describes them. Each kind of event has some of them, and can have fields of the agent's own.</summary>
public abstract record EventView
{
    /// <summary>The text of an event.</summary>
    public string? Content { get; init; }

    /// <summary>Of <c>step_start</c> and <c>step_end</c>: the id of the step.</summary>
    public string? Step { get; init; }

    /// <summary>Of <c>action_start</c>, <c>action_delta</c>, <c>action</c> and <c>observation</c>: the tool call.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>Of <c>action_start</c>, <c>action_delta</c> and <c>action</c>: the tool.</summary>
    public string? ToolName { get; init; }

    /// <summary>Of <c>action_start</c>, <c>action_delta</c> and <c>action</c>: <c>agent</c>, or <c>caller</c> for a tool that the client runs.</summary>
    public string? Executor { get; init; }

    /// <summary>Of <c>action</c>: the arguments.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>Of <c>observation</c>: the result as JSON.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>Of <c>observation</c>: whether the tool failed.</summary>
    public bool? IsError { get; init; }

    /// <summary>Of <c>file</c> and <c>data</c>: the name.</summary>
    public string? Name { get; init; }

    /// <summary>Of <c>file</c>: where to download it.</summary>
    public string? Url { get; init; }

    /// <summary>Of <c>file</c>: its media type.</summary>
    public string? MediaType { get; init; }

    /// <summary>Of <c>file</c>: its length in bytes.</summary>
    public long? Size { get; init; }

    /// <summary>Of <c>data</c>: any JSON.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Of <c>usage</c>: tokens read by the model.</summary>
    public long? PromptTokens { get; init; }

    /// <summary>Of <c>usage</c>: tokens written by the model.</summary>
    public long? CompletionTokens { get; init; }

    /// <summary>Of <c>log</c>: the level.</summary>
    public string? Level { get; init; }

    /// <summary>Of <c>log</c>: the category.</summary>
    public string? Category { get; init; }

    /// <summary>Of <c>end</c>: <c>stop</c>, <c>length</c>, <c>tool_calls</c> or <c>content_filter</c>.</summary>
    public string? FinishReason { get; init; }

    /// <summary>Of <c>error</c>: a stable code.</summary>
    public string? Code { get; init; }
}
