using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>Knows who reads a task on other nodes. A capability of shared stores.</summary>
public interface IReaderDirectory
{
    /// <summary>Tells the other nodes, soon, how many read a task here; 0 when the last one has left. Never waits.</summary>
    void Tell(TaskId task, int readers);

    /// <summary>How many read the task on the other nodes. Those of a node that is gone count for a lease.</summary>
    ValueTask<int> CountElsewhereAsync(TaskId task, CancellationToken cancellationToken);
}
