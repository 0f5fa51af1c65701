using StreamRelay.Tasks;

namespace StreamRelay.Streams;

/// <summary>Counts the readers of tasks on other nodes. A capability of shared stores.</summary>
public interface IReaderDirectory
{
    /// <summary>Publishes the number of readers on this node to the other nodes, soon; 0 when the last one has left. Never waits.</summary>
    void Announce(TaskId task, int readers);

    /// <summary>The readers of the task on the other nodes. The readers of a node that has failed count for a lease.</summary>
    ValueTask<int> CountElsewhereAsync(TaskId task, CancellationToken cancellationToken);
}
