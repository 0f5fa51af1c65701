using StreamRelay.Tasks;

namespace StreamRelay.Cluster;

/// <summary>Signals between nodes. Nothing depends on a signal: a lost one only costs time.</summary>
public interface INodeSignals
{
    /// <summary>The task is to be stopped. Raised on every node, also on the sender.</summary>
    event EventHandler<TaskId>? StopRequested;

    /// <summary>A client that pushes the task's events is still connected. Raised on every node, also on the sender.</summary>
    event EventHandler<TaskId>? ProducerSeen;

    /// <summary>A node has free slots and finds no task to run. Raised on every node, also on the sender.</summary>
    event EventHandler<IdleNode>? NodeIdle;

    /// <summary>API keys were added or revoked. Raised on every node, also on the sender.</summary>
    event EventHandler? KeysChanged;

    /// <summary>Sends to all nodes that this one has free slots and finds no task to run.</summary>
    ValueTask AnnounceIdleAsync(int slots);

    /// <summary>Sends to all nodes that API keys were added or revoked.</summary>
    ValueTask AnnounceKeysAsync();

    /// <summary>Sends to all nodes that a producer is still connected.</summary>
    ValueTask AnnounceProducerAsync(TaskId task);

    /// <summary>Sends to all nodes that the task is to be stopped.</summary>
    ValueTask RequestStopAsync(TaskId task);
}
