using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.Events;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>Reads a task for an answer in one piece.</summary>
public sealed class TaskReader(StreamManager streams, LogHeads heads, IHostApplicationLifetime lifetime)
{
    // The text, the answer with it, and its JSON.
    private const int AnswerCopies = 3;

    /// <summary>Reads the events that the log has now.</summary>
    /// <param name="context">The request; the memory of its answer is counted.</param>
    /// <param name="task">The task.</param>
    /// <param name="maxBytes">Stops after the event that reaches so many bytes.</param>
    /// <param name="add">Takes an event.</param>
    /// <exception cref="MemoryBudgetException">The memory is used up.</exception>
    public async ValueTask ReadToHeadAsync(HttpContext context, TaskRecord task, long maxBytes, Action<StreamEntry> add)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(add);
        var memory = new RequestMemory(context);
        var head = await heads.GetAsync(task, context.RequestAborted);
        using var cursor = streams.Read(task.Id, 0);
        for (var bytes = 0L; cursor.Position < head && !cursor.IsCompleted;)
        {
            foreach (var entry in (await cursor.ReadAsync(context.RequestAborted)).Span)
            {
                if (!memory.TryTake(AnswerCopies * entry.Event.Cost))
                    throw new MemoryBudgetException();

                add(entry);
                bytes += entry.Event.Cost;
                if (bytes >= maxBytes)
                    return;
            }
        }
    }

    /// <summary>Reads all events to the end of the task.</summary>
    /// <returns>The answer to the request when the task failed, the memory is used up or the server shuts down; else <see langword="null"/>.</returns>
    public async ValueTask<IResult?> ReadToEndAsync(HttpContext context, TaskRequest request, Action<StreamEntry> add)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(add);
        using var left = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var cursor = streams.Read(request.Id, 0);
        StreamEvent? failure = null;
        var memory = new RequestMemory(context);
        try
        {
            while (!cursor.IsCompleted)
            {
                foreach (var entry in (await cursor.ReadAsync(left.Token)).Span)
                {
                    if (!memory.TryTake(AnswerCopies * entry.Event.Cost))
                        return Failed(context, new MemoryBudgetException().Message, "memory_budget");

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
