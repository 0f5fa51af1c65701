using System.Runtime.InteropServices;

namespace StreamRelay.Runs;

/// <summary>A number for each of the names that have one above 0. Not safe to use from several threads.</summary>
internal sealed class NameCounts
{
    private readonly Dictionary<string, int> _counts = [];

    public int this[string name] => _counts.GetValueOrDefault(name);

    /// <summary>Makes the number one higher, or one lower.</summary>
    public void Change(string name, bool isMore)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, name, out _);
        count += isMore ? 1 : -1;
        if (count == 0)
            _counts.Remove(name);
    }
}
