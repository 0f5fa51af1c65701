using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Descriptions;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.AspNetCore.Streaming;
using StreamRelay.Logs;
using StreamRelay.Protocols;
using StreamRelay.Protocols.Native;
using StreamRelay.Protocols.Requests;
using StreamRelay.Protocols.Sse;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary><c>GET /v1/tasks/{id}/events</c>: a task's stream in any protocol, or a page of its events as JSON.</summary>
internal static class EventsEndpoint
{
    private const int MostEvents = 1000;
    private const int SnapshotBytes = 1 << 20;

    /// <summary>What the route reads besides the id.</summary>
    public static RouteParameter[] Parameters { get; } =
    [
        RouteParameters.LastEventId,
        new("after", "The id of the last frame that the client has seen: a sequence number such as 17, or 17.1."),
        new("protocol", "The protocol of the stream: `native`, `openai-chat`, `openai-responses`, `anthropic-messages`, `ai-sdk` or `ag-ui`. Default `native`."),
        RouteParameters.OneOf("named", "Whether each native frame has a line `event:` with its type.", "1", "true"),
        RouteParameters.OneOf("snapshot", "Whether the native stream begins with one frame that has the text so far.", "1", "true"),
        RouteParameters.Number("limit", "The most events of a page. Default 100.", 1, MostEvents),
    ];

    private static readonly string[] StreamTypes = ["text/event-stream", "text/*", "*/*"];

    public static async Task<IResult> ReadAsync(
        string id, HttpContext context, ITaskStore tasks, LogHeads heads, IEventLog log, TaskReader reader, IEnumerable<IStreamProtocol> protocols)
    {
        if (await TaskAccess.FindAsync(context, id, tasks, context.RequestAborted) is not { } task)
            return ApiResults.TaskNotFound(id);

        var given = ReadFrameId(context.Request);
        var seen = given ?? FrameId.None;
        if (await heads.RefusalAsync(task, seen, context.RequestAborted) is { } refusal)
            return refusal;
        if (WantsJson(context.Request))
            return await PageAsync(task, seen.Offset, context, log);
        if (task.IsReadToEnd(seen))
            return Results.NoContent();

        var protocol = Protocol(context.Request, protocols);
        return given is null && protocol is NativeProtocol && context.Request.Query.Text("snapshot") is "1" or "true"
            ? await SnapshotAsync(task, protocol, reader, context)
            : new StreamResult(task.Request, protocol, ResumePoint.After(seen));
    }

    /// <summary>One frame with the text so far, then the stream after it. A longer text ends after about 1 MiB, and the stream begins there.</summary>
    private static async Task<IResult> SnapshotAsync(TaskRecord task, IStreamProtocol protocol, TaskReader reader, HttpContext context)
    {
        var snapshot = new NativeSnapshot(task.Request);
        await reader.ReadToHeadAsync(context, task, SnapshotBytes, entry => snapshot.Add(entry));
        return new StreamResult(task.Request, protocol, ResumePoint.After(new(snapshot.Offset, 0)), snapshot.ToFrame(protocol == NativeProtocol.Named));
    }

    private static FrameId? ReadFrameId(HttpRequest request) =>
        ResumeQuery.Read(request, "after") is not var (name, text) ? null
        : FrameId.TryParse(text, out var id) ? id
        : throw RequestException.Invalid($"'{name}' must be the id of a frame: a sequence number such as 17, or 17.1.", name, "invalid_cursor");

    /// <summary>Whether the client takes JSON and no stream. Many clients list JSON first and then every type.</summary>
    private static bool WantsJson(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        return accept.Contains("application/json", StringComparison.OrdinalIgnoreCase)
            && !StreamTypes.Any(type => accept.Contains(type, StringComparison.OrdinalIgnoreCase));
    }

    private static IStreamProtocol Protocol(HttpRequest request, IEnumerable<IStreamProtocol> protocols)
    {
        var named = request.Query.Text("named") is "1" or "true";
        if (request.Query.Text("protocol") is not { } name || name == NativeProtocol.Unnamed.Name)
            return named ? NativeProtocol.Named : NativeProtocol.Unnamed;

        return protocols.FirstOrDefault(protocol => protocol.Name == name)
            ?? throw RequestException.Invalid(
                $"There is no protocol '{name}'. Protocols: native, {string.Join(", ", protocols.Select(protocol => protocol.Name))}.", "protocol", "unknown_protocol");
    }

    private static async Task<IResult> PageAsync(TaskRecord task, long after, HttpContext context, IEventLog log)
    {
        var limit = context.Request.Query.Number("limit", 100, MostEvents);
        var entries = await log.ReadAsync(task.Id, after, limit, context.RequestAborted);
        if (entries.IsEmpty && task.IsEnded && after < task.LastOffset)
            throw new LogDamagedException(task.Id, after);

        var next = entries.IsEmpty ? after : entries.Span[^1].Offset;
        var more = !entries.IsEmpty && !(await log.ReadAsync(task.Id, next, 1, context.RequestAborted)).IsEmpty;
        var page = NativePage.Write(task.Request, entries, more, next);
        RequestMemory.Take(context, page.Length);
        return new LargeJson(page);
    }
}
