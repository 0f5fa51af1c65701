using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Descriptions;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.AspNetCore.Streaming;
using StreamRelay.Protocols.Native;
using StreamRelay.Protocols.Requests;
using StreamRelay.Protocols.Sse;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary><c>GET /v1/events</c>: several tasks over one connection, because browsers open at most six to a host.</summary>
internal static class MultiplexEndpoint
{
    private const int MostTasks = 32;

    /// <summary>What the route reads.</summary>
    public static RouteParameter[] Parameters { get; } =
    [
        new("task", $"A task, as `ID`, or as `ID:AFTER` to read on after a frame; 1 to {MostTasks} times.") { IsRequired = true, IsList = true },
        RouteParameters.LastEventId,
    ];

    public static async Task<IResult> ReadAsync(HttpContext context, ITaskStore tasks, LogHeads heads)
    {
        var wanted = MultiplexQuery.Read(context.Request.Query);
        if (wanted.Count is 0 or > MostTasks)
            throw RequestException.Invalid($"'task' is required, 1 to {MostTasks} times: ?task=ID or ?task=ID:AFTER.", "task", "invalid_value");

        var seen = ReadFrameIds(context.Request, wanted);
        List<TaskRequest> open = [];
        var isDone = true;
        for (var index = 0; index < wanted.Count; index++)
        {
            if (await TaskAccess.FindAsync(context, wanted[index].Id, tasks, context.RequestAborted) is not { } task)
                return ApiResults.NotFound($"There is no task '{wanted[index].Id}'.", "task_not_found", "task");
            if (await heads.RefusalAsync(task, seen[index], context.RequestAborted) is { } refusal)
                return refusal;

            open.Add(task.Request);
            isDone &= task.IsReadToEnd(seen[index]);
        }

        return isDone ? Results.NoContent() : new MultiplexResult(open, seen);
    }

    private static FrameId[] ReadFrameIds(HttpRequest request, IReadOnlyList<MultiplexQuery> wanted) =>
        ResumeQuery.Read(request, parameter: null) is not var (name, text)
            ? [.. wanted.Select(task => task.After)]
            : MultiplexEventId.Parse(text, wanted.Count) ?? throw RequestException.Invalid(
                $"'{name}' must be the id of a frame of this stream: {wanted.Count} sequence numbers, such as 12.7.0.", name, "invalid_cursor");
}
