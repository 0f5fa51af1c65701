using StreamRelay.Limits;
using StreamRelay.Tasks;

namespace StreamRelay.Redis;

/// <summary>The names of all keys and channels in Redis; each begins with the cluster's prefix.</summary>
internal sealed class RedisKeys(string prefix)
{
    /// <summary>The id of the cluster, which its database contains too.</summary>
    public string Cluster { get; } = prefix + ":cluster";

    /// <summary>A value that is new whenever Redis has lost all data.</summary>
    public string Data { get; } = prefix + ":data";

    /// <summary>The stream of tasks to run, and its consumer group of nodes.</summary>
    public string Work { get; } = prefix + ":work";

    /// <summary>The channel with the ids of tasks to stop.</summary>
    public string Stop { get; } = prefix + ":stop";

    /// <summary>The channel with the ids of tasks whose producers are connected.</summary>
    public string Producer { get; } = prefix + ":producer";

    /// <summary>The channel with the names and free slots of nodes that find no task to run.</summary>
    public string Idle { get; } = prefix + ":idle";

    /// <summary>The channel of messages that API keys have changed.</summary>
    public string ApiKeys { get; } = prefix + ":api-keys";

    /// <summary>The set of the names of all nodes, also of those that have ended.</summary>
    public string Nodes { get; } = prefix + ":nodes";

    /// <summary>A key of this process, written and deleted at start to check that the user has the rights.</summary>
    public string Check { get; } = $"{prefix}:check:{Guid.NewGuid():N}";

    /// <summary>The hash of the numbers of readers of each task on a node.</summary>
    public string Readers(string node) => $"{prefix}:readers:{node}";

    /// <summary>A key that exists while a node holds the lock.</summary>
    public string Lock(string name) => $"{prefix}:lock:{name}";

    /// <summary>A key that exists while a node renews it.</summary>
    public string Node(string name) => $"{prefix}:node:{name}";

    /// <summary>A key that exists while a process counts what is open in it.</summary>
    public string Process(string name) => $"{prefix}:process:{name}";

    /// <summary>What counts to a limit.</summary>
    public string Limit(LimitScope scope) => $"{prefix}:limit:{scope.What}:{scope.Of}:{scope.Name}";

    /// <summary>A sum.</summary>
    public string Sum(string name) => $"{prefix}:sum:{name}";

    /// <summary>The stream of a task's entries, and the channel with the ids of new elements.</summary>
    public string Log(TaskId task) => $"{prefix}:log:{task}";
}
