using System.Text;
using StreamRelay.Events;

namespace StreamRelay.Logs;

/// <summary>The entries of one read: at most a number of them, and about 256 KiB.</summary>
internal sealed class LogPage(int limit)
{
    public const int Bytes = 256 << 10;

    private readonly List<StreamEntry> _entries = [];
    private int _bytes;
    private string _name = "";

    public bool IsFull => _entries.Count >= limit || _bytes >= Bytes;

    public bool IsEmpty => _entries.Count == 0;

    public void Add(in StreamEntry entry)
    {
        _entries.Add(entry);
        _bytes += entry.Event.Size;
    }

    /// <summary>An agent's name. Consecutive entries of one agent share the string.</summary>
    public string Name(ReadOnlySpan<byte> utf8)
    {
        if (!Ascii.Equals(utf8, _name))
            _name = Encoding.UTF8.GetString(utf8);
        return _name;
    }

    public ReadOnlyMemory<StreamEntry> ToMemory() => _entries.ToArray();
}
