using Microsoft.AspNetCore.Http;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Protocols;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Streaming;

/// <summary>The whole of a request that starts a task and reads its stream.</summary>
public static class StreamedTasks
{
    /// <summary>Starts the task, or finds the one that the request repeats, and answers with its stream from the first frame on.</summary>
    /// <exception cref="RequestException">422, 423 or 503: the task cannot be started.</exception>
    public static async Task<IResult> StreamAsync(this TaskStarter starter, HttpContext context, RequestBody body, TaskRequestDraft draft, IStreamProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(starter);
        var task = await starter.StartAsync(context, body, draft);
        return new StreamResult(task.Request, protocol);
    }
}
