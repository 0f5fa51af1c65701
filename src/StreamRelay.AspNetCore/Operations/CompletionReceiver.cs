using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.Agents.Push;
using StreamRelay.Protocols.Http;
using StreamRelay.Storage;
using StreamRelay.Storage.Redis;
using StreamRelay.Streams;

namespace StreamRelay.AspNetCore.Operations;

/// <summary>Does what a completion message says. The stream is trusted: the task may be any owner's.</summary>
internal sealed class CompletionReceiver(
    ITaskStore tasks, AgentRegistry agents, CompletionHandler handler, SharedStoreProbe stores, IOptions<StreamOptions> options, TimeProvider time)
{
    private const int MostWaiting = 100;

    /// <summary>Ends the task that waits for the operation.</summary>
    public async ValueTask<CompletionVerdict> ReceiveAsync(CompletionMessage message)
    {
        try
        {
            return await ReceiveAsync(CompletionNotice.Read(message.Data));
        }
        catch (ApiException exception)
        {
            return CompletionVerdict.Refused(exception.Message);
        }
    }

    private async ValueTask<CompletionVerdict> ReceiveAsync(CompletionNotice notice)
    {
        using var timeout = new CancellationTokenSource(options.Value.PublishTimeout, time);
        try
        {
            return await ReceiveAsync(notice, timeout.Token);
        }
        catch (Exception exception) when (exception is PublishException or LogNotFoundException)
        {
            return CompletionVerdict.Later(exception.Message);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return await stores.WhyAwayAsync() is { } reason ? CompletionVerdict.Away(reason)
                : CompletionVerdict.Later(exception is IOException ? exception.Message : $"Its task could not take it within {options.Value.PublishTimeout.TotalSeconds:0.###} s.");
        }
    }

    private async ValueTask<CompletionVerdict> ReceiveAsync(CompletionNotice notice, CancellationToken cancellationToken)
    {
        var waiting = await FindByOperationAsync(notice, cancellationToken);
        if (waiting is { Request: { SessionId: null } or { ToolCallId: null } })
            return CompletionVerdict.Refused($"Task {waiting.Id} waits for operation '{notice.OperationId}' without a session_id or a tool_call_id.");
        if ((waiting ?? await FindByIdAsync(notice, cancellationToken)) is not { } task)
            return CompletionVerdict.Later(notice.OperationId is { } operation ? $"No task waits for operation '{operation}'." : $"There is no task '{notice.Completion.TaskId}'.");
        if (agents.Find(task.Request.Agent)?.Runner is not PushRunner)
            return CompletionVerdict.Refused($"Task {task.Id} is run by agent '{task.Request.Agent}'; only tasks of an agent of type push wait for an operation.");

        await handler.ApplyAsync(task, notice.Completion, cancellationToken);
        return CompletionVerdict.Done;
    }

    /// <summary>The newest task of the operation, or of several the one that is named.</summary>
    private async ValueTask<TaskRecord?> FindByOperationAsync(CompletionNotice notice, CancellationToken cancellationToken)
    {
        if (notice.OperationId is not { } operation)
            return null;

        var waiting = await tasks.ListAsync(new() { OperationId = operation, Limit = MostWaiting }, cancellationToken);
        return waiting.FirstOrDefault(task => task.Id.ToString() == notice.Completion.TaskId) ?? (waiting.Count > 0 ? waiting[0] : null);
    }

    private async ValueTask<TaskRecord?> FindByIdAsync(CompletionNotice notice, CancellationToken cancellationToken) =>
        TaskId.TryParse(notice.Completion.TaskId, out var id) ? await tasks.FindAsync(id, cancellationToken) : null;
}
