using System.Text;
using StreamRelay.Events;

namespace StreamRelay.Tasks;

/// <summary>Creates the events that carry facts of a task's record: usage, files and the two terminal events.</summary>
public static class TaskEvents
{
    /// <summary>Tokens used.</summary>
    public static StreamEvent Usage(TaskUsage usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        return AgentEvents.Usage(usage.PromptTokens, usage.CompletionTokens, usage.Estimated);
    }

    /// <summary>A file that can be downloaded where the task was started.</summary>
    public static StreamEvent File(TaskRequest task, StoredFile file) => new(StreamEventKind.File, Encoding.UTF8.GetBytes(file.Name), AgentEvents.Json(json =>
    {
        json.WriteString("name"u8, file.Name);
        json.WriteString("url"u8, FileUrl.Of(task.BasePath, task.Id, file.Name));
        json.WriteString("media_type"u8, file.MediaType);
        json.WriteNumber("size"u8, file.Size);
    }));

    /// <summary>The terminal event of a task that completed or was stopped.</summary>
    /// <param name="state">The state of the ended task: <see cref="TaskState.Completed"/> or <see cref="TaskState.Stopped"/>.</param>
    /// <param name="finishReason">Why the answer ended: <c>stop</c>, <c>length</c>, <c>tool_calls</c> or <c>content_filter</c>.</param>
    /// <param name="fields">More fields of the event: a UTF-8 JSON object, or empty.</param>
    public static StreamEvent End(TaskState state, string finishReason, ReadOnlyMemory<byte> fields = default) => new(StreamEventKind.End, default, AgentEvents.Json(json =>
    {
        json.WriteString("status"u8, state == TaskState.Stopped ? "stopped" : "completed");
        json.WriteString("finish_reason"u8, finishReason);
        AgentEvents.CopyProperties(fields, json, except: ["status", "finish_reason"]);
    }));

    /// <summary>The terminal event of a task that failed.</summary>
    /// <param name="error">The code and the message.</param>
    /// <param name="fields">More fields of the event: a UTF-8 JSON object, or empty.</param>
    public static StreamEvent Error(TaskError error, ReadOnlyMemory<byte> fields = default) => new(StreamEventKind.Error, Encoding.UTF8.GetBytes(error.Message), AgentEvents.Json(json =>
    {
        json.WriteString("code"u8, error.Code);
        AgentEvents.CopyProperties(fields, json, except: ["code"]);
    }));
}
