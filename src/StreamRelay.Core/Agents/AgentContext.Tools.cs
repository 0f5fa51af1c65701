using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Streams;

namespace StreamRelay.Agents;

/// <content>Steps, and tools that the agent runs itself.</content>
public sealed partial class AgentContext
{
    private const string Executor = "agent";

    private int _steps;
    private int _toolCalls;

    /// <summary>Publishes the start of a titled step; disposing the returned object publishes its end. Steps may be nested, and several may be open at once.</summary>
    /// <exception cref="PublishException">The event was not accepted.</exception>
    public async ValueTask<AgentStep> StepAsync(string title, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(title);
        var id = $"s{Attempt}_{Interlocked.Increment(ref _steps)}";
        await PublishAsync(AgentEvents.Step(StreamEventKind.StepStart, id, title), cancellationToken);
        return new(this, id, title);
    }

    /// <summary>Publishes a tool call, runs it, and publishes its result. Several calls may run at once.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="arguments">The arguments, written as JSON, such as an anonymous object or a <see cref="JsonElement"/>.</param>
    /// <param name="call">Runs the tool. Its result is written as JSON.</param>
    /// <param name="cancellationToken">Given to <paramref name="call"/>.</param>
    /// <returns>The result of <paramref name="call"/>.</returns>
    /// <exception cref="PublishException">An event was not accepted; a result that is larger than <see cref="MaxEventBytes"/> is not.</exception>
    /// <remarks>An exception of <paramref name="call"/> is published as the result, with the message of an <see cref="AgentException"/> and without that of any other exception.
    /// It is then thrown: catch it to continue without a result.</remarks>
    public async Task<TResult> ToolAsync<TResult>(
        string name, object arguments, Func<CancellationToken, Task<TResult>> call, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(call);
        var id = $"t{Attempt}_{Interlocked.Increment(ref _toolCalls)}_{Request.Id}";
        await PublishCallAsync(id, name, ToolJson.ToElement(arguments), cancellationToken);
        try
        {
            var result = await call(cancellationToken);
            var output = ToolJson.ToElement(result);
            await PublishAsync(AgentEvents.Observation(id, output, ToolJson.ToText(output)), cancellationToken);
            return result;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var message = ToolFault(exception);
            await PublishAsync(AgentEvents.Observation(id, ToolJson.ToElement(message), message, isError: true), cancellationToken);
            throw;
        }
    }

    private async ValueTask PublishCallAsync(string id, string name, JsonElement arguments, CancellationToken cancellationToken)
    {
        var action = AgentEvents.Action(id, name, Executor, arguments);
        if (action.Size > MaxEventBytes)
        {
            await PublishAsync(AgentEvents.ActionDelta(id, name, Executor, arguments.GetRawText()), cancellationToken);
            action = AgentEvents.Action(id, name, Executor, null);
        }

        await PublishAsync(action, cancellationToken);
    }

    private static string ToolFault(Exception exception) => exception switch
    {
        AgentException known => known.Message,
        PublishException { Failure: PublishFailure.TooLarge } => "The result of the tool is too large.",
        _ => "The tool failed.",
    };
}
