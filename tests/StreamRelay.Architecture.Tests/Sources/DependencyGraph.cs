namespace StreamRelay.Architecture.Sources;

/// <summary>What uses what, with an example for each edge.</summary>
internal sealed class DependencyGraph(IEnumerable<string> nodes)
{
    private readonly SortedDictionary<string, SortedDictionary<string, string>> _edges = new(
        nodes.Distinct().ToDictionary(node => node, _ => new SortedDictionary<string, string>(StringComparer.Ordinal)), StringComparer.Ordinal);

    public void Add(string from, string to, string example)
    {
        if (from != to)
            _edges[from].TryAdd(to, example);
    }

    /// <summary>The groups of nodes that reach each other, largest first.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Cycles()
    {
        var reach = _edges.Keys.ToDictionary(node => node, Reach);
        var groups = new List<IReadOnlyList<string>>();
        var seen = new HashSet<string>();
        foreach (var node in _edges.Keys.Where(node => reach[node].Contains(node) && !seen.Contains(node)))
        {
            var group = reach[node].Where(other => reach[other].Contains(node)).Order(StringComparer.Ordinal).ToList();
            seen.UnionWith(group);
            groups.Add(group);
        }

        return [.. groups.OrderByDescending(group => group.Count)];
    }

    /// <summary>The edges inside a group, one a line.</summary>
    public string Describe(IReadOnlyList<string> group) => string.Join("; ",
        group.SelectMany(from => _edges[from].Where(edge => group.Contains(edge.Key)).Select(edge => $"{Label(from)} → {Label(edge.Key)} ({edge.Value})")));

    private static string Label(string node) => node.Length == 0 ? "(root)" : node;

    private HashSet<string> Reach(string start)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([start]);
        while (open.TryPop(out var node))
        {
            foreach (var next in _edges[node].Keys.Where(reached.Add))
                open.Push(next);
        }

        return reached;
    }
}
