using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.Protocols.Sse;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary>Checks whether a task can be read on after the last frame that a client has seen.</summary>
internal static class ResumeChecks
{
    /// <returns>410 when the log does not have that frame, or those after it are lost or damaged; <see langword="null"/> when the client can read on.</returns>
    public static async ValueTask<IResult?> RefusalAsync(this LogHeads heads, TaskRecord task, FrameId seen, CancellationToken cancellationToken)
    {
        if (task.DamagedAfter is { } readable && seen.Offset >= readable && (readable >= task.LastOffset || !task.IsReadToEnd(seen)))
            return ApiResults.Damaged(task.Id, readable);

        var last = await heads.GetAsync(task, cancellationToken);
        if (seen.Offset > last && seen.Offset > await heads.GetAsync(task, seen.Offset, cancellationToken))
            return ApiResults.Ahead(last);

        return !task.IsReadToEnd(seen) && await heads.FindTruncationAsync(task, cancellationToken) is { } left ? ApiResults.Ahead(left) : null;
    }

    /// <summary>Whether the task has ended, and this is its last frame.</summary>
    public static bool IsReadToEnd(this TaskRecord task, FrameId seen) => task.IsEnded && seen == new FrameId(task.LastOffset, 0);
}
