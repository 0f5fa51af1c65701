using StreamRelay.Tasks;

namespace StreamRelay.Cluster;

/// <summary>What nodes tell each other about tasks. Hints: one that is lost costs time and nothing else.</summary>
public interface INodeSignals
{
    /// <summary>Somebody wants the task stopped. Raised on every node, also on the one that sent it.</summary>
    event EventHandler<TaskId>? StopWanted;

    /// <summary>Somebody who pushes a task's events is still connected. Raised on every node, also on the one that sent it.</summary>
    event EventHandler<TaskId>? ProducerHeard;

    /// <summary>Tells all nodes that a producer is still connected.</summary>
    ValueTask TellProducerAsync(TaskId task);

    /// <summary>Tells all nodes that the task is to be stopped.</summary>
    ValueTask WantStopAsync(TaskId task);
}
