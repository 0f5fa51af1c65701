using Microsoft.AspNetCore.Http;
using StreamRelay.Runs;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Access;

/// <summary>The one way from a request to a task: it checks whose the task is.</summary>
public static class TaskAccess
{
    /// <summary>The task, if it is the caller's and, for a ticket, among those it is for.</summary>
    /// <returns><see langword="null"/> when the id is malformed, there is no such task, or it is not for this caller: all a 404.</returns>
    public static async ValueTask<TaskRecord?> FindAsync(HttpContext context, string id, ITaskStore tasks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(tasks);
        if (!TaskId.TryParse(id, out var taskId) || await tasks.FindAsync(taskId, cancellationToken) is not { } task || !context.User.MayRead(task))
            return null;

        return context.RequestServices.GetService<AgentHost>() is { } host ? await host.SettleAsync(task, cancellationToken) : task;
    }
}
