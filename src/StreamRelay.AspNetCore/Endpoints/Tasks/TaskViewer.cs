using System.Text.Json;
using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary>Creates the JSON view of a task with its last sequence number and its readers on all nodes.</summary>
internal sealed class TaskViewer(LogHeads heads, StreamReaders readers, ITaskStore tasks)
{
    public async ValueTask<TaskView> ViewAsync(TaskRecord task, HttpContext context) => TaskViews.View(
        task, await heads.GetAsync(task, context.RequestAborted), await readers.CountAllAsync(task.Id, context.RequestAborted), BasePath.Of(context));

    /// <summary>The view of a task that was just started. It is complete as far as the stores answer: an error here would make the client start the task again.</summary>
    public async ValueTask<TaskView> ViewStartedAsync(TaskRecord task, HttpContext context)
    {
        try
        {
            return await ViewAsync(task, context);
        }
        catch (IOException)
        {
            // The log of a started task has its first event.
            return TaskViews.View(task, Math.Max(task.LastOffset, 1), readers.Count(task.Id), BasePath.Of(context));
        }
    }

    /// <summary>The view with the input of the task.</summary>
    public async ValueTask<TaskView> ViewWithInputAsync(TaskRecord task, HttpContext context)
    {
        var view = await ViewAsync(task, context);
        return await tasks.GetInputAsync(task.Id, context.RequestAborted) is { Content.IsEmpty: false } input
            ? view with { Input = JsonElement.Parse(input.Content.Span) }
            : view;
    }
}
