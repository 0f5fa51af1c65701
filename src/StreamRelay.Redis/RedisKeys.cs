using StreamRelay.Tasks;

namespace StreamRelay.Redis;

/// <summary>The names of everything that is kept in Redis; all begin with the fleet's prefix.</summary>
internal sealed class RedisKeys(string prefix)
{
    /// <summary>The id of the fleet, which its database has as well.</summary>
    public string Fleet { get; } = prefix + ":fleet";

    /// <summary>The stream of tasks that are to be run, and the group of nodes that run them.</summary>
    public string Work { get; } = prefix + ":work";

    /// <summary>The channel on which tasks are named that are to be stopped.</summary>
    public string Stop { get; } = prefix + ":stop";

    /// <summary>The channel on which tasks are named whose producers are connected.</summary>
    public string Producer { get; } = prefix + ":producer";

    /// <summary>The names of all nodes, also of those that are gone.</summary>
    public string Nodes { get; } = prefix + ":nodes";

    /// <summary>How many read which task on a node.</summary>
    public string Readers(string node) => $"{prefix}:readers:{node}";

    /// <summary>Held by one at a time.</summary>
    public string Lock(string name) => $"{prefix}:lock:{name}";

    /// <summary>There while a node is.</summary>
    public string Node(string name) => $"{prefix}:node:{name}";

    /// <summary>Written and deleted at start, to know that this may be done.</summary>
    public string Check { get; } = $"{prefix}:check:{Guid.NewGuid():N}";

    /// <summary>The stream of a task's entries, and the channel on which each addition to it is announced.</summary>
    public string Log(TaskId task) => $"{prefix}:log:{task}";
}
