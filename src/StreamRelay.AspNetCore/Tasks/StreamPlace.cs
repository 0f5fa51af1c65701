using StreamRelay.Protocols.Http;
using StreamRelay.Protocols.Sse;
using StreamRelay.Streams;

namespace StreamRelay.AspNetCore.Tasks;

/// <summary>A task that a request reads, and how far its log reaches.</summary>
internal readonly record struct StreamPlace(TaskRecord Task, long Last)
{
    /// <summary>Finds the task, if it is the caller's.</summary>
    public static async ValueTask<StreamPlace?> FindAsync(Microsoft.AspNetCore.Http.HttpContext context, string id, ITaskStore tasks, StreamManager streams) =>
        await TaskAccess.FindAsync(context, id, tasks, context.RequestAborted) is { } task
            ? new(task, await streams.Heads.GetAsync(task, context.RequestAborted))
            : null;

    /// <summary>Whether someone who has seen so much has seen all there will ever be.</summary>
    public bool IsAllOf(FrameId seen) => Task.IsEnded && seen == new FrameId(Task.LastOffset, 0);
}
