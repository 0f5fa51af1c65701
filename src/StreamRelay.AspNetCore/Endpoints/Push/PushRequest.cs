using Microsoft.AspNetCore.Http;
using StreamRelay.Agents.Push;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Events;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Push;

/// <summary>One request that pushes events into a task.</summary>
/// <param name="context">The request.</param>
/// <param name="task">The task.</param>
/// <param name="first">The producer, with the number of the request's first event; or <see langword="null"/>.</param>
/// <param name="services">The services.</param>
internal sealed class PushRequest(HttpContext context, TaskId task, Producer? first, PushServices services)
{
    private readonly PushSession _session = services.Sessions.Find(task);

    /// <summary>Pushes events, and answers when they are durable.</summary>
    public async Task<IResult> PushAsync(IReadOnlyList<StreamEvent> events) =>
        await AnswerAsync(await _session.PushAsync(events, first, services.Options.Value.PublishTimeout, context.RequestAborted), events[^1]);

    /// <summary>Pushes lines as they come, until the task ends. The events before a wrong line are kept, and counted in the headers of the answer.</summary>
    /// <param name="lines">The lines of the body.</param>
    /// <param name="connection">The connection of the producer; <see langword="null"/> when the whole body is here.</param>
    public async Task<IResult> PushLinesAsync(PushLines lines, ProducerConnection? connection)
    {
        var pushed = new PushedLines();
        try
        {
            await PushAllAsync(lines, pushed);
        }
        catch (Exception exception) when (exception is RequestException or BadHttpRequestException)
        {
            PushHeaders.Write(context.Response.Headers, pushed.Total, first);
            throw;
        }

        if (pushed.HasTerminal || !lines.IsCut)
            return await AnswerAsync(pushed.Total, pushed.Last);
        if (connection is not null && await connection.CloseAsync())
            return PushRefusals.Ended(task);

        PushHeaders.Write(context.Response.Headers, pushed.Total, first);
        throw StartRefusals.ShuttingDown();
    }

    private async Task PushAllAsync(PushLines lines, PushedLines pushed)
    {
        while (pushed.CanContinue && await lines.ReadAsync(context.RequestAborted) is { } events)
        {
            var result = await _session.PushAsync(events, first?.Next(pushed.Total.Accepted + pushed.Total.Duplicates), TimeSpan.MaxValue, context.RequestAborted);
            pushed.Add(result, events[^1]);
        }
    }

    /// <summary>The answer after the last event. After a terminal one the task has ended when the client gets it.</summary>
    private async ValueTask<IResult> AnswerAsync(PushResult result, StreamEvent? last)
    {
        if (last?.Kind.IsTerminal() is true && result.Decision is PushDecision.Accepted or PushDecision.Duplicate)
        {
            // Another event may have ended the task before, in another way.
            await services.Host.WaitAsync(task, context.RequestAborted);
            var wanted = last.Kind == StreamEventKind.End ? TaskState.Completed : TaskState.Failed;
            if ((await services.Tasks.FindAsync(task, context.RequestAborted))?.State != wanted)
                return PushRefusals.Ended(task);
        }

        PushHeaders.Write(context.Response.Headers, result, first);
        return result.Decision switch
        {
            PushDecision.Ended => PushRefusals.Ended(task),
            PushDecision.Gap => PushRefusals.Gap(),
            PushDecision.Fenced => PushRefusals.Fenced(),
            PushDecision.BadEpoch => PushRefusals.BadEpoch(),
            _ => Results.Json(new PushView(result.Accepted, result.Duplicates, _session.Last), PushJson.Default.PushView),
        };
    }
}
