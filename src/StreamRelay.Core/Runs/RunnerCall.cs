using Microsoft.Extensions.Logging;
using StreamRelay.Agents;
using StreamRelay.Logs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>One call of an agent's runner for a task.</summary>
internal sealed partial class RunnerCall(AgentDefinition agent, AgentContext context, TaskStream stream, ILogger logger)
{
    /// <summary>Completes when the runner has returned or thrown. Completed before <see cref="Start"/>.</summary>
    public Task Work { get; private set; } = Task.CompletedTask;

    /// <summary>What the runner returned beside its stream, as JSON; <see langword="null"/> while it runs.</summary>
    public string? Result => Work.IsCompleted ? context.Result : null;

    /// <summary>Starts the runner on the thread pool.</summary>
    public void Start(CancellationToken cancellationToken) => Work = Task.Run(() => RunAsync(cancellationToken), CancellationToken.None);

    /// <summary>How the task ends after the runner has returned or thrown.</summary>
    public TaskEnding ToEnding()
    {
        if (Work.IsCompletedSuccessfully)
            return TaskEnding.Completed(context.FinishReason) with { Fields = context.EndingFields };

        var exception = Work.Exception?.InnerException ?? new OperationCanceledException("The agent cancelled itself.");
        switch (exception)
        {
            case AgentException known:
                if (known.InnerException is { } cause)
                    AgentFailedBecause(agent.Name, context.Request.Id, known.Code, cause.Message);

                return TaskEnding.Failed(known.Code, known.Message) with { Fields = context.EndingFields };
            case PublishException { Failure: PublishFailure.OutputLimit }:
                return TaskEnding.OutputLimit;
            default:
                AgentFailed(agent.Name, context.Request.Id, exception);
                return exception is PublishException { Failure: PublishFailure.Storage } or StoreUnavailableException ? TaskEnding.NotStored : TaskEnding.Failed("agent_failed", "The agent failed.");
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        AgentContext.Current = context;
        try
        {
            await agent.Runner.RunAsync(context, cancellationToken);
        }
        finally
        {
            await context.RemoveOpenFilesAsync();
        }

        foreach (var half in context.LoneSurrogates())
            await stream.PublishAsync(half, cancellationToken);

        await context.ReportDroppedAsync(cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Error, "Agent {Agent} failed in task {TaskId}")]
    private partial void AgentFailed(string agent, TaskId taskId, Exception exception);

    // What a client is not shown, such as the address of an upstream server.
    [LoggerMessage(2, LogLevel.Warning, "The cause of {Code} of agent {Agent} in task {TaskId}: {Cause}")]
    private partial void AgentFailedBecause(string agent, TaskId taskId, string code, string cause);
}
