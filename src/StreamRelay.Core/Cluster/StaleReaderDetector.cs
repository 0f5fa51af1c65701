using Microsoft.Extensions.Logging;
using StreamRelay.Agents;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Cluster;

/// <summary>Detects that the last reader of a task here has left because the node that served the reader has ended, and that node could not report it.</summary>
internal sealed partial class StaleReaderDetector(ClusterNode node, StreamReaders readers, ILogger logger)
{
    private HashSet<TaskId> _read = [];

    /// <summary>Compares the reader counts once per lease, until <paramref name="stopping"/> is cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(node.Work.Lease, node.Stores.Time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await CompareAsync(stopping);
            }
            catch (IOException exception)
            {
                CountFailed(exception);
            }
        }
    }

    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        HashSet<TaskId> read = [];
        foreach (var task in node.Runs.All.Select(run => run.Record.Request).Where(StopsWithoutReaders))
        {
            if (await readers.CountAllAsync(task.Id, cancellationToken) > 0)
                read.Add(task.Id);
            else if (_read.Contains(task.Id))
                readers.ReportLastLeft(task);
        }

        _read = read;
    }

    private bool StopsWithoutReaders(TaskRequest task) => node.Runs.Agents.Find(task.Agent)?.Options.OnDisconnect is OnDisconnect.Stop;

    [LoggerMessage(4, LogLevel.Warning, "The readers on other nodes cannot be counted; trying again")]
    private partial void CountFailed(Exception exception);
}
