using System.Runtime.CompilerServices;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using StreamRelay.Agents;
using StreamRelay.Agents.ChatAgents;
using StreamRelay.Tasks;

namespace StreamRelay.AgentFramework;

/// <summary>Gives the conversation of a task to an agent of Microsoft Agent Framework, in a session of its own, and publishes its answer. The functions of the agent are run
/// by it and published as calls with results; what another agent of a workflow answers has that agent's name.</summary>
/// <param name="agent">The agent. It is asked by several tasks at once.</param>
/// <remarks>The options and tools of a request are given to a <see cref="ChatClientAgent"/>, also one that others are built around; any other agent has no form for them.</remarks>
public sealed class FrameworkAgentRunner(AIAgent agent) : IAgentRunner, IInputCheck
{
    private readonly bool _takesOptions = agent.GetService<ChatClientAgent>() is not null;

    /// <inheritdoc/>
    public ValueTask<InputReport> CheckAsync(TaskInput input, CancellationToken cancellationToken) => new(ChatAgentRequest.Check(input, [], _takesOptions));

    /// <inheritdoc/>
    /// <exception cref="AgentException">The agent failed; the code is <c>model_failed</c>, unless it chose one.</exception>
    public Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var request = ChatAgentRequest.Read(context.Input, [], _takesOptions);
        var answer = new ChatAgentAnswer(context, request.CallerTools, new HashSet<string>());
        return answer.PublishAsync(AskAsync(request, cancellationToken), update => update.AuthorName == agent.Name ? null : update.AuthorName, cancellationToken);
    }

    private async IAsyncEnumerable<ChatResponseUpdate> AskAsync(ChatAgentRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var session = await agent.CreateSessionAsync(cancellationToken);
        var options = _takesOptions ? new ChatClientAgentRunOptions(request.Options) : null;
        await foreach (var update in agent.RunStreamingAsync(request.Messages, session, options, cancellationToken))
            yield return update.AsChatResponseUpdate();
    }
}
