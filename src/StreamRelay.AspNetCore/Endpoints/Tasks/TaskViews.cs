using System.Globalization;
using System.Text.Json;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary>Creates the JSON view of a task from its record.</summary>
internal static class TaskViews
{
    /// <summary>The view of a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="lastSequence">The offset of its last event.</param>
    /// <param name="readers">Its readers.</param>
    /// <param name="basePath">The path below which the one who gets the view finds the files.</param>
    public static TaskView View(TaskRecord task, long lastSequence, int readers, string basePath) => new()
    {
        Id = task.Id.ToString(),
        Agent = task.Request.Agent,
        Title = task.Request.Title,
        Status = task.State.ToString().ToLowerInvariant(),
        CreatedAt = Time(task.Request.CreatedAt)!,
        StartedAt = Time(task.StartedAt),
        EndedAt = Time(task.EndedAt),
        SessionId = task.Request.SessionId,
        OperationId = task.Request.OperationId,
        ToolCallId = task.Request.ToolCallId,
        Attempt = task.Epoch,
        LastSequence = lastSequence,
        Readers = readers,
        Usage = task.Usage is { } usage ? new(usage.PromptTokens, usage.CompletionTokens, usage.TotalTokens, usage.Estimated) : null,
        Result = task.Result is { } result ? JsonElement.Parse(result) : null,
        Error = task.Error,
        DamagedAfter = task.DamagedAfter,
        Files = FileView.Of(task, basePath),
        Metadata = task.Request.Metadata.IsEmpty ? null : JsonElement.Parse(task.Request.Metadata.Span),
    };

    private static string? Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
