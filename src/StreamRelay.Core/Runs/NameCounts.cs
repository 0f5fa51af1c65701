using System.Runtime.InteropServices;

namespace StreamRelay.Runs;

/// <summary>A number for each of the names that have one above 0. Not safe to use from several threads.</summary>
internal sealed class NameCounts
{
    private readonly Dictionary<string, int> _counts = [];

    public int this[string name] => _counts.GetValueOrDefault(name);

    public void Add(string name) => CollectionsMarshal.GetValueRefOrAddDefault(_counts, name, out _)++;

    public void Remove(string name)
    {
        if (--CollectionsMarshal.GetValueRefOrAddDefault(_counts, name, out _) == 0)
            _counts.Remove(name);
    }
}
