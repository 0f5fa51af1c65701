using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.AspNetCore.Streaming;
using StreamRelay.Protocols.Native;
using StreamRelay.Protocols.Requests;
using StreamRelay.Protocols.Sse;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary><c>GET /v1/events</c>: several tasks over one connection, because browsers have six to a host.</summary>
internal static class MultiplexEndpoint
{
    private const int MostTasks = 32;

    public static async Task<IResult> ReadAsync(HttpContext context, ITaskStore tasks, LogHeads heads)
    {
        var wanted = MultiplexQuery.Read(context.Request.Query);
        if (wanted.Count is 0 or > MostTasks)
            throw RequestException.Invalid($"'task' is required, 1 to {MostTasks} times: ?task=ID or ?task=ID:AFTER.", "task", "invalid_value");

        var seen = Seen(context.Request, wanted);
        List<TaskRequest> open = [];
        var isDone = true;
        for (var index = 0; index < wanted.Count; index++)
        {
            if (await ReadableTask.FindAsync(context, wanted[index].Id, tasks, heads) is not { } place)
                return ApiResults.NotFound($"There is no task '{wanted[index].Id}'.", "task_not_found", "task");
            if (await place.RefusalAsync(seen[index], heads, context.RequestAborted) is { } refusal)
                return refusal;

            open.Add(place.Task.Request);
            isDone &= place.IsAllOf(seen[index]);
        }

        return isDone ? Results.NoContent() : new MultiplexResult(open, seen);
    }

    private static FrameId[] Seen(HttpRequest request, IReadOnlyList<MultiplexQuery> wanted)
    {
        // The header wins: a browser keeps the URL it began with on every reconnect.
        var header = request.Headers["Last-Event-ID"].ToString();
        return header.Length == 0
            ? [.. wanted.Select(task => task.After)]
            : MultiplexEventId.Parse(header, wanted.Count) ?? throw RequestException.Invalid(
                $"'Last-Event-ID' must be the id of a frame of this stream: {wanted.Count} sequence numbers, such as 12.7.0.", "Last-Event-ID", "invalid_cursor");
    }
}
