using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using StreamRelay.Agents.Upstream.Answers;
using StreamRelay.Events;
using StreamRelay.Streams;

namespace StreamRelay.Agents.ChatAgents;

/// <summary>Publishes the pieces of a chat client's answer.</summary>
/// <param name="context">The run.</param>
/// <param name="callerTools">The names of the tools that the caller runs.</param>
/// <param name="ownFunctions">The names of the functions whose calls and results are published where they are run.</param>
internal sealed class ChatAgentAnswer(AgentContext context, IReadOnlySet<string> callerTools, IReadOnlySet<string> ownFunctions)
{
    private const string Caller = "caller";
    private const string Agent = "agent";
    private const string ModelFailed = "model_failed";

    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    private readonly UsageDetails _usage = new();
    private readonly HashSet<string> _agentCalls = [];
    private bool _callsCaller;

    /// <summary>Publishes an answer.</summary>
    /// <param name="updates">The answer.</param>
    /// <param name="author">The name of the agent that a piece is published under, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancelled when the task is stopped.</param>
    /// <exception cref="AgentException">The client failed; the code is <c>model_failed</c>, unless the client chose one.</exception>
    public async Task PublishAsync(IAsyncEnumerable<ChatResponseUpdate> updates, Func<ChatResponseUpdate, string?> author, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var update in updates)
            {
                using var named = author(update) is { Length: > 0 } name ? context.As(name) : null;
                await AddAsync(update, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is not (AgentException or PublishException) && !cancellationToken.IsCancellationRequested)
        {
            throw new AgentException(ModelFailed, "The model failed to answer.", exception);
        }
    }

    private async ValueTask AddAsync(ChatResponseUpdate update, CancellationToken cancellationToken)
    {
        foreach (var content in update.Contents)
            await AddAsync(content, cancellationToken);

        if (update.FinishReason is { } reason)
            SetReason(reason.Value);
        if (_callsCaller)
            context.FinishReason = ChatFinishReason.ToolCalls.Value;
    }

    private void SetReason(string reason)
    {
        if (FinishReasons.IsFailure(reason))
            throw new AgentException(ModelFailed, "The model failed to answer.");

        context.FinishReason = FinishReasons.Normalize(reason) ?? reason;
    }

    private ValueTask AddAsync(AIContent content, CancellationToken cancellationToken) => content switch
    {
        TextReasoningContent thought => context.ThoughtAsync(thought.Text, cancellationToken),
        TextContent text => context.OutputAsync(text.Text, cancellationToken),
        FunctionCallContent call when callerTools.Contains(call.Name) => CallAsync(call, Caller, cancellationToken),
        FunctionCallContent call when !ownFunctions.Contains(call.Name) => CallAsync(call, Agent, cancellationToken),
        FunctionResultContent result when _agentCalls.Contains(result.CallId) => ReportAsync(result, cancellationToken),
        UsageContent usage => ReportAsync(usage.Details, cancellationToken),

        // Without its text, which may quote the prompt.
        ErrorContent => throw new AgentException(ModelFailed, "The model failed to answer."),

        // The agent's own functions publish their calls and results when they are run.
        FunctionCallContent or FunctionResultContent => ValueTask.CompletedTask,
        _ => ReportUnshownAsync(content.GetType().Name, cancellationToken),
    };

    private ValueTask ReportUnshownAsync(string type, CancellationToken cancellationToken) =>
        context.PublishAsync(AgentEvents.Log(LogLevel.Warning, "StreamRelay", $"The answer contains {type}, which is not shown."), cancellationToken);

    private async ValueTask CallAsync(FunctionCallContent call, string executor, CancellationToken cancellationToken)
    {
        if (executor == Caller)
            _callsCaller = true;
        else
            _agentCalls.Add(call.CallId);

        var arguments = JsonSerializer.SerializeToElement(call.Arguments ?? new Dictionary<string, object?>(), Compact);
        var action = AgentEvents.Action(call.CallId, call.Name, executor, arguments);
        if (executor == Caller || action.Size > context.MaxEventBytes)
        {
            await context.PublishAsync(AgentEvents.ActionDelta(call.CallId, call.Name, executor, arguments.GetRawText()), cancellationToken);
            action = AgentEvents.Action(call.CallId, call.Name, executor, null);
        }

        await context.PublishAsync(action, cancellationToken);
    }

    private ValueTask ReportAsync(FunctionResultContent result, CancellationToken cancellationToken)
    {
        var output = JsonSerializer.SerializeToElement(result.Result, Compact);
        var text = output.ValueKind == JsonValueKind.String ? output.GetString()! : output.GetRawText();
        var observation = AgentEvents.Observation(result.CallId, output, text, isError: result.Exception is not null);
        return context.PublishAsync(observation.Size <= context.MaxEventBytes ? observation : TooLarge(result.CallId), cancellationToken);
    }

    private static StreamEvent TooLarge(string callId)
    {
        const string Message = "The result of the tool is too large.";
        return AgentEvents.Observation(callId, JsonSerializer.SerializeToElement(Message), Message, isError: true);
    }

    // An answer with calls of functions consists of several answers of the model.
    private ValueTask ReportAsync(UsageDetails usage, CancellationToken cancellationToken)
    {
        _usage.Add(usage);
        return context.UsageAsync(new(_usage.InputTokenCount ?? 0, _usage.OutputTokenCount ?? 0, Estimated: false), cancellationToken);
    }
}
