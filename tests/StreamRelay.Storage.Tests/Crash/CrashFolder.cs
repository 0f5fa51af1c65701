namespace StreamRelay.Storage.Crash;

/// <summary>The names in a folder: the current ones, the synced ones, and the changes between the two.</summary>
internal sealed class CrashFolder
{
    private readonly List<NameChange> _pending = [];
    private Dictionary<string, CrashNode> _synced = new(StringComparer.Ordinal);

    public Dictionary<string, CrashNode> Current { get; private init; } = new(StringComparer.Ordinal);

    public void Change(NameChange change)
    {
        change.Apply(Current);
        _pending.Add(change);
    }

    public void Sync()
    {
        _synced = new(Current, StringComparer.Ordinal);
        _pending.Clear();
    }

    public CrashFolder Survive(Random? random, Dictionary<CrashNode, CrashNode> seen)
    {
        var names = random is null ? Current : new(_synced, StringComparer.Ordinal);
        if (random is not null)
        {
            // Names are journaled by file systems, so they survive in order.
            foreach (var change in _pending.Take(random.Next(_pending.Count + 1)))
                change.Apply(names);
        }

        var survivor = new CrashFolder();
        foreach (var (name, node) in names)
        {
            if (!seen.TryGetValue(node, out var copy))
                seen.Add(node, copy = node.Survive(random));
            survivor.Current.Add(name, copy);
        }

        survivor.Sync();
        return survivor;
    }
}
