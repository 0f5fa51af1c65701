using Microsoft.Extensions.Logging;
using StreamRelay.Runs;

namespace StreamRelay.Cluster;

/// <summary>This node: its runs and stores, and its part of the work queue.</summary>
internal sealed partial class ClusterNode(TaskRuns runs, RunStores stores, IWorkQueue work, ILogger logger)
{
    public TaskRuns Runs => runs;

    public RunStores Stores => stores;

    public IWorkQueue Work => work;

    /// <summary>The slots of running tasks that all nodes share.</summary>
    public SharedSlots Shared { get; } = new(runs.Quotas.Running, runs.Limits, stores.Time);

    /// <summary>Makes one call of the queue or the record store, and logs its failure.</summary>
    /// <returns>Whether the call succeeded.</returns>
    public async Task<bool> TryAsync(Func<ValueTask> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Disposed: an application may dispose the stores while it stops this node.
            CallFailed(exception);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The cluster could not be informed about the tasks of this node; trying again")]
    private partial void CallFailed(Exception exception);
}
