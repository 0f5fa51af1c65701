namespace StreamRelay.Cluster;

/// <summary>A task of a round, and who reads it.</summary>
internal sealed class ClusterTask(string id, string agent, string input)
{
    public string Id => id;

    public string Agent => agent;

    public string Input => input;

    /// <summary>Whether it was deleted.</summary>
    public bool MayVanish { get; set; }

    /// <summary>Whether what was seen of it may be lost, if its readers are told so.</summary>
    public bool MayLose { get; set; }

    public List<ClusterReader> Readers { get; } = [];

    public override string ToString() => $"{agent} '{input}' {id}";
}
