using System.Buffers.Text;
using System.Text;

namespace StreamRelay.Redis.Log;

/// <summary>The id of an element in a task's stream: the epoch of its writer, and the offset of its first entry; the marker that an epoch begins with has offset 0.</summary>
internal readonly record struct EntryId(long Epoch, long Offset) : IComparable<EntryId>
{
    /// <summary>Whether the element is a marker, after which older epochs can no longer append.</summary>
    public bool IsMarker => Offset == 0;

    /// <exception cref="FormatException">It is not the id of a stream's entry.</exception>
    public static EntryId Parse(ReadOnlySpan<byte> text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{Encoding.UTF8.GetString(text)}' is not the id of an entry.");

    public static bool TryParse(ReadOnlySpan<byte> text, out EntryId id)
    {
        var dash = text.IndexOf((byte)'-');
        id = default;
        if (dash < 0 || !Utf8Parser.TryParse(text[..dash], out long epoch, out var first) || first != dash
            || !Utf8Parser.TryParse(text[(dash + 1)..], out long offset, out var second) || second != text.Length - dash - 1)
        {
            return false;
        }

        id = new(epoch, offset);
        return true;
    }

    public int CompareTo(EntryId other) => Epoch == other.Epoch ? Offset.CompareTo(other.Offset) : Epoch.CompareTo(other.Epoch);

    public override string ToString() => $"{Epoch}-{Offset}";

    public static bool operator <(EntryId left, EntryId right) => left.CompareTo(right) < 0;

    public static bool operator >(EntryId left, EntryId right) => left.CompareTo(right) > 0;
}
