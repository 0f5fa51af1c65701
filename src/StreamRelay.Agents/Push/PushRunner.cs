namespace StreamRelay.Agents.Push;

/// <summary>Runs a task whose events a producer outside of the server pushes over HTTP. The run waits for the end of the log, and fails the task when no producer is active.</summary>
/// <param name="sessions">Records when a producer of the task was last active.</param>
/// <param name="options">The idle timeout.</param>
public sealed class PushRunner(PushSessions sessions, PushOptions options) : IExternalRunner
{
    /// <summary>How long a task may be without a pushed event and without a connected producer.</summary>
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
            var remaining = options.IdleTimeout - sessions.GetIdleTime(context.Request.Id);
            if (remaining <= TimeSpan.Zero)
                throw new AgentException("producer_lost", $"No producer pushed an event for {options.IdleTimeout.TotalSeconds:0.###} s.");

            using var timeout = new CancellationTokenSource(remaining, context.Time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                // The timer is not set anew for each event: when it fires, the idle time is compared again.
                while (!(await cursor.ReadAsync(linked.Token)).IsEmpty)
                    sessions.Watch(context.Request.Id);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // An event or a connected producer may have reset the idle time.
            }
        }
    }
}
