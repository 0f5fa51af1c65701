using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using StreamRelay.Events;

namespace StreamRelay.Agents.ChatAgents;

/// <summary>Publishes the pieces of a chat client's answer.</summary>
internal sealed class ChatAgentAnswer(AgentContext context, IReadOnlySet<string> callerTools)
{
    private const string Caller = "caller";

    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    private readonly UsageDetails _usage = new();
    private bool _callsCaller;

    public async ValueTask AddAsync(ChatResponseUpdate update, CancellationToken cancellationToken)
    {
        foreach (var content in update.Contents)
            await AddAsync(content, cancellationToken);

        if (update.FinishReason is { } reason)
            context.FinishReason = reason.Value;
        if (_callsCaller)
            context.FinishReason = ChatFinishReason.ToolCalls.Value;
    }

    private ValueTask AddAsync(AIContent content, CancellationToken cancellationToken) => content switch
    {
        TextReasoningContent thought => context.ThoughtAsync(thought.Text, cancellationToken),
        TextContent text => context.OutputAsync(text.Text, cancellationToken),
        FunctionCallContent call when callerTools.Contains(call.Name) => CallAsync(call, cancellationToken),
        UsageContent usage => ReportAsync(usage.Details, cancellationToken),

        // Without its text, which may quote the prompt.
        ErrorContent => throw new AgentException("model_failed", "The model failed to answer."),

        // The agent's own functions publish their calls and results when they are run.
        FunctionCallContent or FunctionResultContent => ValueTask.CompletedTask,
        _ => ReportUnshownAsync(content.GetType().Name, cancellationToken),
    };

    private ValueTask ReportUnshownAsync(string type, CancellationToken cancellationToken) =>
        context.PublishAsync(AgentEvents.Log(LogLevel.Warning, "StreamRelay", $"The answer contains {type}, which is not shown."), cancellationToken);

    private async ValueTask CallAsync(FunctionCallContent call, CancellationToken cancellationToken)
    {
        _callsCaller = true;
        var arguments = JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), Compact);
        await context.PublishAsync(AgentEvents.ActionDelta(call.CallId, call.Name, Caller, arguments), cancellationToken);
        await context.PublishAsync(AgentEvents.Action(call.CallId, call.Name, Caller, null), cancellationToken);
    }

    // An answer with calls of functions consists of several answers of the model.
    private ValueTask ReportAsync(UsageDetails usage, CancellationToken cancellationToken)
    {
        _usage.Add(usage);
        return context.UsageAsync(new(_usage.InputTokenCount ?? 0, _usage.OutputTokenCount ?? 0, Estimated: false), cancellationToken);
    }
}
