using Microsoft.Extensions.Logging;

namespace StreamRelay.Runs;

/// <summary>Finishes tasks that have not ended and that nothing runs: every 30 seconds, and within seconds after the store was unavailable.</summary>
public sealed partial class TaskSweep(ITaskScheduler scheduler, TaskRuns runs, TimeProvider time, ILogger<TaskSweep> logger) : BackgroundLoop
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken stopping)
    {
        for (var pause = Interval; ;)
        {
            if (await WaitAsync(pause, stopping))
                await Task.Delay(FirstRetry, time, stopping);

            runs.Sweep.Reset();
            pause = await SweepAsync(stopping) ? Interval : pause == Interval ? FirstRetry : StoreRetry.Longer(pause);
        }
    }

    /// <returns>Whether a sweep was requested before the pause has passed.</returns>
    private async Task<bool> WaitAsync(TimeSpan pause, CancellationToken stopping)
    {
        var requested = runs.Sweep.Requested;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var first = await Task.WhenAny(requested, Task.Delay(pause, time, ended.Token));
        await ended.CancelAsync();
        stopping.ThrowIfCancellationRequested();
        return first == requested;
    }

    /// <returns>Whether every task that nothing runs was finished.</returns>
    private async Task<bool> SweepAsync(CancellationToken stopping)
    {
        try
        {
            return await scheduler.SweepAsync(stopping);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            SweepFailed(exception);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Tasks that nothing runs could not be looked for; trying again")]
    private partial void SweepFailed(Exception exception);
}
