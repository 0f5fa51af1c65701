using StreamRelay.Events;
using StreamRelay.Streams;

namespace StreamRelay.Agents;

/// <summary>A titled step of a run, from <see cref="AgentContext.StepAsync"/> until it is disposed.</summary>
public sealed class AgentStep : IAsyncDisposable
{
    private readonly AgentContext _context;
    private readonly string _id;
    private readonly string _title;
    private int _isEnded;

    internal AgentStep(AgentContext context, string id, string title) => (_context, _id, _title) = (context, id, title);

    /// <summary>Publishes the end of the step, once. After a task was stopped there is nothing to publish.</summary>
    /// <exception cref="PublishException">The event was not accepted.</exception>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isEnded, 1) != 0)
            return;

        try
        {
            await _context.PublishAsync(AgentEvents.Step(StreamEventKind.StepEnd, _id, _title), CancellationToken.None);
        }
        catch (PublishException exception) when (exception.Failure is PublishFailure.Closed)
        {
            // The exception that the stop causes in the agent must not be replaced by this one.
        }
    }
}
