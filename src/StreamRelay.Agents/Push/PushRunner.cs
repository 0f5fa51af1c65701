namespace StreamRelay.Agents.Push;

/// <summary>An agent that runs elsewhere and pushes its events over HTTP: here it is only watched over.</summary>
/// <param name="sessions">Who hears of its producers.</param>
/// <param name="options">How long to wait.</param>
public sealed class PushRunner(PushSessions sessions, PushOptions options) : IExternalRunner
{
    /// <summary>How long nobody may push, or be connected to push.</summary>
    internal TimeSpan IdleTimeout => options.IdleTimeout;

    /// <inheritdoc/>
    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        sessions.Watch(context.Request.Id);
        try
        {
            await WatchAsync(context, cancellationToken);
        }
        finally
        {
            sessions.Unwatch(context.Request.Id);
        }
    }

    private async Task WatchAsync(AgentContext context, CancellationToken cancellationToken)
    {
        using var cursor = context.Follow();
        while (!cursor.IsCompleted)
        {
            var left = options.IdleTimeout - sessions.Silence(context.Request.Id);
            if (left <= TimeSpan.Zero)
                throw new AgentException("producer_lost", $"Nobody pushed an event for {options.IdleTimeout.TotalSeconds:0.###} s.");

            using var timeout = new CancellationTokenSource(left, context.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                if (!(await cursor.ReadAsync(either.Token)).IsEmpty)
                    sessions.Watch(context.Request.Id);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // It was quiet for so long; somebody may be connected.
            }
        }
    }
}
