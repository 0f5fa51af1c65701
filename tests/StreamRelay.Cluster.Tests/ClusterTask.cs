namespace StreamRelay.Cluster;

/// <summary>A task of a round, and its readers.</summary>
internal sealed class ClusterTask(string id, string agent, string input)
{
    public string Id => id;

    public string Agent => agent;

    public string Input => input;

    /// <summary>Whether the task was deleted.</summary>
    public bool MayVanish { get; set; }

    /// <summary>Whether entries of the task may be lost. Its readers must then get an error.</summary>
    public bool MayLose { get; set; }

    public List<ClusterReader> Readers { get; } = [];

    public override string ToString() => $"{agent} '{input}' {id}";
}
