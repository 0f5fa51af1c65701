using StreamRelay.Agents;
using StreamRelay.Events;

namespace StreamRelay.Testing;

/// <summary>An attempt that publishes events and is then broken off.</summary>
internal sealed class EarlierAttempt(IReadOnlyList<StreamEvent> events) : IAgentRunner
{
    private readonly TaskCompletionSource _published = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the events are in the log.</summary>
    public Task Published => _published.Task;

    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var streamed in events)
                await context.PublishAsync(streamed, cancellationToken);

            await context.FlushAsync(cancellationToken);
            _published.SetResult();
        }
        catch (Exception exception)
        {
            _published.TrySetException(exception);
        }

        await Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, cancellationToken);
    }
}
