using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using StreamRelay.Agents.Push;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Events;
using StreamRelay.Protocols.Requests;
using StreamRelay.Runs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Push;

/// <summary>One request that pushes: its events go into the task, and the answer says what became of them.</summary>
internal sealed class PushRequest(HttpContext context, TaskId task, Producer? first, AgentHost host, PushSession session, ITaskStore tasks)
{
    /// <summary>The producer, with the number of the request's first event.</summary>
    public Producer? First => first;

    public static IResult Ended(TaskId task) =>
        ApiResults.Error(StatusCodes.Status409Conflict, new($"Task {task} has ended and takes no more events.", "invalid_request_error", "id", "task_ended"));

    public IResult Refused(PublishException exception) => exception.Failure switch
    {
        PublishFailure.Closed or PublishFailure.OutputLimit or PublishFailure.UnknownTask or PublishFailure.StaleEpoch => Ended(task),
        PublishFailure.TooLarge => ApiResults.Error(StatusCodes.Status413PayloadTooLarge, new(exception.Message, "invalid_request_error", null, "event_too_large")),
        _ => ApiResults.Error(StatusCodes.Status503ServiceUnavailable, new(exception.Message, "server_error", null, "not_stored")),
    };

    public async Task<IResult> PushAsync(IReadOnlyList<StreamEvent> events) =>
        await SettleAsync(await session.PushAsync(events, first, context.RequestAborted), events[^1]);

    /// <summary>Pushes lines as they come, until the task ends. What came before a fault is kept, and counted in the answer's headers.</summary>
    public async Task<IResult> PushLinesAsync(PipeReader body, int maxLineBytes, StreamCursor end, CancellationToken stopping)
    {
        var lines = new PushLines(body, maxLineBytes);
        using var stopped = stopping.Register(lines.Cancel);
        using var left = new CancellationTokenSource();
        var ended = CancelAtEndAsync(end, lines, left.Token);
        var total = new PushResult(PushDecision.Accepted, 0, 0, null);
        StreamEvent? last = null;
        bool hasEnded;
        try
        {
            while (total.Verdict is PushDecision.Accepted or PushDecision.Duplicate && last?.Kind.IsTerminal() is not true
                && await lines.ReadAsync(context.RequestAborted) is { } events)
            {
                var result = await session.PushAsync(events, first?.Next(total.Accepted + total.Duplicates), context.RequestAborted);
                total = result with { Accepted = total.Accepted + result.Accepted, Duplicates = total.Duplicates + result.Duplicates };
                last = events[^1];
            }
        }
        catch (RequestException)
        {
            PushHeaders.Write(context.Response.Headers, total, first);
            throw;
        }
        finally
        {
            await left.CancelAsync();
            hasEnded = await ended;
        }

        if (last?.Kind.IsTerminal() is true || !lines.IsCut)
            return await SettleAsync(total, last);
        if (hasEnded)
            return Ended(task);

        PushHeaders.Write(context.Response.Headers, total, first);
        throw StartRefusals.ShuttingDown();
    }

    /// <summary>The answer, for events that are durable.</summary>
    private IResult Answer(PushResult result)
    {
        PushHeaders.Write(context.Response.Headers, result, first);
        return result.Verdict switch
        {
            PushDecision.Ended => Ended(task),
            PushDecision.Gap => Conflict("an event before it is missing; Producer-Expected-Seq says which comes next", "producer_gap"),
            PushDecision.Fenced => ApiResults.Error(StatusCodes.Status403Forbidden,
                new("A later Producer-Epoch has taken over from this one.", "invalid_request_error", "Producer-Epoch", "producer_fenced")),
            PushDecision.BadEpoch => ApiResults.Invalid("A new Producer-Epoch must begin with Producer-Seq 0.", "Producer-Seq", "invalid_producer"),
            _ => Results.Json(new PushView(result.Accepted, result.Duplicates, session.Last), PushJson.Default.PushView),
        };
    }

    private async ValueTask<IResult> SettleAsync(PushResult result, StreamEvent? last)
    {
        // Who has ended a task finds it ended; and it may have been ended by somebody else, in another way.
        if (last?.Kind.IsTerminal() is true && result.Verdict is PushDecision.Accepted or PushDecision.Duplicate)
        {
            await host.WaitAsync(task, context.RequestAborted);
            var wanted = last.Kind == StreamEventKind.End ? TaskState.Completed : TaskState.Failed;
            if ((await tasks.FindAsync(task, context.RequestAborted))?.State != wanted)
                return Ended(task);
        }

        return Answer(result);
    }

    /// <returns>Whether the task has ended.</returns>
    private static async Task<bool> CancelAtEndAsync(StreamCursor end, PushLines lines, CancellationToken cancellationToken)
    {
        try
        {
            while (!end.IsCompleted)
                await end.ReadAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            return false;
        }

        lines.Cancel();
        return true;
    }

    private static IResult Conflict(string reason, string code) =>
        ApiResults.Error(StatusCodes.Status409Conflict, new($"Nothing more was appended: {reason}.", "invalid_request_error", "Producer-Seq", code));
}
