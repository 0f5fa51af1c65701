using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.AspNetCore.Endpoints.Operations;
using StreamRelay.Logs;
using StreamRelay.Protocols.Requests;
using StreamRelay.Redis.Operations;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Cluster.Operations;

/// <summary>Applies completion messages. The stream is trusted, so a message may complete a task of any owner.</summary>
internal sealed class CompletionReceiver(
    ITaskStore tasks, AgentRegistry agents, CompletionHandler handler, SharedStoreProbe stores, IOptions<StreamOptions> options, TimeProvider time)
{
    private const int MaxWaiting = 100;

    /// <summary>Completes the task that waits for the operation of a message.</summary>
    public async ValueTask<CompletionResult> ReceiveAsync(CompletionMessage message)
    {
        try
        {
            return await ReceiveAsync(CompletionNotice.Read(message.Data));
        }
        catch (RequestException exception)
        {
            return CompletionResult.Refused(exception.Message);
        }
    }

    private async ValueTask<CompletionResult> ReceiveAsync(CompletionNotice notice)
    {
        using var timeout = new CancellationTokenSource(options.Value.PublishTimeout, time);
        try
        {
            return await ReceiveAsync(notice, timeout.Token);
        }
        catch (Exception exception) when (exception is PublishException or LogNotFoundException)
        {
            return CompletionResult.Postponed(exception.Message);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return await stores.FindOutageAsync() is { } reason ? CompletionResult.Unavailable(reason)
                : CompletionResult.Postponed(exception is IOException ? exception.Message : $"The task could not store the completion within {options.Value.PublishTimeout.TotalSeconds:0.###} s.");
        }
    }

    private async ValueTask<CompletionResult> ReceiveAsync(CompletionNotice notice, CancellationToken cancellationToken)
    {
        var named = TaskId.TryParse(notice.Completion.TaskId, out var id) ? await tasks.FindAsync(id, cancellationToken) : null;
        var waiting = notice.OperationId is { } operation ? await WaitingAsync(operation, named, cancellationToken) : [];
        if (waiting.DistinctBy(task => task.Request.Owner).Count() > 1)
            return CompletionResult.Refused($"Tasks of several owners wait for operation '{notice.OperationId}': name one of them with task_id.");
        if (waiting is [{ Request: { SessionId: null } or { ToolCallId: null } } incomplete, ..])
            return CompletionResult.Refused($"Task {incomplete.Id} waits for operation '{notice.OperationId}' without a session_id or a tool_call_id.");
        if ((waiting.Count > 0 ? waiting[0] : named) is not { } task)
            return CompletionResult.Postponed(notice.OperationId is { } missing ? $"No task waits for operation '{missing}'." : $"There is no task '{notice.Completion.TaskId}'.");

        return agents.IsExternal(task.Request)
            ? await ApplyAsync(task, notice.Completion, cancellationToken)
            : CompletionResult.Refused($"Task {task.Id} is run by agent '{task.Request.Agent}'; only tasks of an agent of type push wait for an operation.");
    }

    /// <summary>The tasks of the operation, newest first, or only the named one when it belongs to the operation.</summary>
    private async ValueTask<IReadOnlyList<TaskRecord>> WaitingAsync(string operation, TaskRecord? named, CancellationToken cancellationToken) =>
        named?.Request.OperationId == operation ? [named] : await tasks.ListAsync(new() { OperationId = operation, Limit = MaxWaiting }, cancellationToken);

    private async ValueTask<CompletionResult> ApplyAsync(TaskRecord task, Completion completion, CancellationToken cancellationToken)
    {
        await handler.ApplyAsync(task, completion, cancellationToken);
        return CompletionResult.Applied;
    }
}
