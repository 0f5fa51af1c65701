using Microsoft.Extensions.Logging;
using StreamRelay.Agents;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Cluster;

/// <summary>Finds the tasks here whose last reader went together with the node that served it, and with it the word that it had left.</summary>
internal sealed partial class StaleReaderDetector(ClusterRuns cluster, AgentRegistry agents, StreamManager streams, Action<TaskId> left, TimeProvider time, ILogger logger)
{
    private HashSet<TaskId> _read = [];

    /// <summary>Looks once in a lease, for as long as the node lives.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(cluster.Lease, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await LookAsync(cancellationToken);
            }
            catch (IOException exception)
            {
                NotCounted(exception);
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        HashSet<TaskId> read = [];
        foreach (var task in cluster.Here.Where(task => agents.Find(task.Agent)?.Options.OnDisconnect is OnDisconnect.Stop))
        {
            if (await streams.Readers.CountAllAsync(task.Id, cancellationToken) > 0)
                read.Add(task.Id);
            else if (_read.Contains(task.Id))
                left(task.Id);
        }

        _read = read;
    }

    [LoggerMessage(1, LogLevel.Warning, "The readers on other nodes cannot be counted now; trying again")]
    private partial void NotCounted(Exception exception);
}
