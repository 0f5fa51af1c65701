using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.Events;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>Reads a task for an answer in one piece.</summary>
public sealed class TaskReader(StreamManager streams, LogHeads heads, IHostApplicationLifetime lifetime)
{
    /// <summary>Reads all events that the log has now.</summary>
    public async ValueTask ReadToHeadAsync(TaskRecord task, Action<StreamEntry> add, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(add);
        var head = await heads.GetAsync(task, cancellationToken);
        using var cursor = streams.Read(task.Id, 0);
        while (cursor.Position < head && !cursor.IsCompleted)
        {
            foreach (var entry in (await cursor.ReadAsync(cancellationToken)).Span)
                add(entry);
        }
    }

    /// <summary>Reads all events to the end of the task.</summary>
    /// <returns>The answer to the request when the task failed or the server shuts down; else <see langword="null"/>.</returns>
    public async ValueTask<IResult?> ReadToEndAsync(HttpContext context, TaskRequest request, Action<StreamEntry> add)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(add);
        using var left = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var cursor = streams.Read(request.Id, 0);
        StreamEvent? failure = null;
        try
        {
            while (!cursor.IsCompleted)
            {
                foreach (var entry in (await cursor.ReadAsync(left.Token)).Span)
                {
                    add(entry);
                    failure = entry.Event.Kind == StreamEventKind.Error ? entry.Event : null;
                }
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return Failed(context, $"The server is shutting down; task {request.Id} can be read when it is back.", "interrupted");
        }

        return failure is null ? null : Failed(context, Encoding.UTF8.GetString(failure.Content.Span), ErrorMetadata.Read(failure).Code);
    }

    private static IResult Failed(HttpContext context, string message, string code)
    {
        // A retry would start another run.
        context.Response.Headers["x-should-retry"] = "false";
        return ApiResults.TaskFailed(message, code);
    }
}
