using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Protocols.Sse;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary>A task that a request reads, and how far its log reaches.</summary>
internal readonly record struct ReadableTask(TaskRecord Task, long Last)
{
    /// <summary>Finds the task, if it is the caller's.</summary>
    public static async ValueTask<ReadableTask?> FindAsync(HttpContext context, string id, ITaskStore tasks, LogHeads heads) =>
        await TaskAccess.FindAsync(context, id, tasks, context.RequestAborted) is { } task
            ? new(task, await heads.GetAsync(task, context.RequestAborted))
            : null;

    /// <summary>Why someone who has seen so much cannot read on: it is more than the log has, or the log has lost the rest.</summary>
    /// <returns><see langword="null"/> when they can.</returns>
    public async ValueTask<IResult?> RefusalAsync(FrameId seen, LogHeads heads, CancellationToken cancellationToken)
    {
        if (seen.Offset > Last && seen.Offset > await heads.GetAsync(Task, seen.Offset, cancellationToken))
            return ApiResults.Ahead(Last);

        return !IsAllOf(seen) && await heads.FindTruncationAsync(Task, cancellationToken) is { } left ? ApiResults.Ahead(left) : null;
    }

    /// <summary>Whether someone who has seen so much has seen all there will ever be.</summary>
    public bool IsAllOf(FrameId seen) => Task.IsEnded && seen == new FrameId(Task.LastOffset, 0);
}
