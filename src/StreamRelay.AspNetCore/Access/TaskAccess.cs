using Microsoft.AspNetCore.Http;
using StreamRelay.Runs;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Finds the task of a request and checks its owner. Every endpoint that takes the id of a task uses it.</summary>
public static class TaskAccess
{
    /// <summary>Finds the task, if it belongs to the owner of the caller and the caller is not limited to other tasks.</summary>
    /// <returns><see langword="null"/> when the id is malformed, the task does not exist, or the caller may not read it; the endpoint answers each with 404.</returns>
    public static async ValueTask<TaskRecord?> FindAsync(HttpContext context, string id, ITaskStore tasks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(tasks);
        if (!TaskId.TryParse(id, out var taskId) || await tasks.FindAsync(taskId, cancellationToken) is not { } task || !context.MayRead(task))
            return null;

        return context.RequestServices.GetService<AgentHost>() is { } host ? await host.SettleAsync(task, cancellationToken) : task;
    }
}
