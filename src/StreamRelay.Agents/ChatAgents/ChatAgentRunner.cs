using Microsoft.Extensions.AI;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.ChatAgents;

/// <summary>Gives the conversation of a task to a chat client and publishes its answer. The agent's functions are run here; calls of the caller's tools end the answer.</summary>
/// <param name="client">The chat client; it is not disposed. It is asked by several tasks at once.</param>
/// <param name="functions">The functions that the agent runs itself.</param>
public sealed class ChatAgentRunner(IChatClient client, IReadOnlyList<AIFunction> functions) : IAgentRunner, IInputCheck
{
    /// <inheritdoc/>
    public ValueTask<InputReport> CheckAsync(TaskInput input, CancellationToken cancellationToken) => new(ChatAgentRequest.Check(input, functions));

    /// <inheritdoc/>
    /// <exception cref="AgentException">The client failed; the code is <c>model_failed</c>, unless the client chose one.</exception>
    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var request = ChatAgentRequest.Read(context.Input, functions);
        var answer = new ChatAgentAnswer(context, request.CallerTools, functions.Select(static own => own.Name).ToHashSet());
        await answer.PublishAsync(WithFunctions(context).GetStreamingResponseAsync(request.Messages, request.Options, cancellationToken), static _ => null, cancellationToken);
    }

    private FunctionInvokingChatClient WithFunctions(AgentContext context) => new(client)
    {
        FunctionInvoker = (call, cancellationToken) => new(context.ToolAsync(
            call.Function.Name, call.CallContent.Arguments ?? new Dictionary<string, object?>(), token => call.Function.InvokeAsync(call.Arguments, token).AsTask(), cancellationToken)),
    };
}
