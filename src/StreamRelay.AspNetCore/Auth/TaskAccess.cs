using Microsoft.AspNetCore.Http;
using StreamRelay.Protocols.Http;

namespace StreamRelay.AspNetCore.Auth;

/// <summary>The one way from a request to a task: through its owner.</summary>
internal static class TaskAccess
{
    /// <summary>The caller's task; <see langword="null"/> when there is none of that id, or it is somebody else's.</summary>
    public static async ValueTask<TaskRecord?> FindAsync(HttpContext context, string id, ITaskStore tasks, CancellationToken cancellationToken) =>
        TaskId.TryParse(id, out var taskId) && await tasks.FindAsync(taskId, cancellationToken) is { } task && task.Request.Owner == context.User.GetOwner()
            ? task
            : null;
}
