using System.Buffers.Text;

namespace StreamRelay.Redis.Log;

/// <summary>The id of an element in a task's stream: the epoch of its writer, and the offset of its first entry; the marker that an epoch begins with has offset 0.</summary>
internal readonly record struct EntryId(long Epoch, long Offset) : IComparable<EntryId>
{
    /// <summary>Whether the element is a marker, after which older epochs can no longer append.</summary>
    public bool IsMarker => Offset == 0;

    /// <returns><see langword="false"/> when it is not the id of an element of a log.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out EntryId id)
    {
        var dash = text.IndexOf((byte)'-');
        id = default;
        if (dash < 0 || Number(text[..dash]) is not { } epoch || Number(text[(dash + 1)..]) is not { } offset)
            return false;

        id = new(epoch, offset);
        return true;
    }

    public int CompareTo(EntryId other) => Epoch == other.Epoch ? Offset.CompareTo(other.Offset) : Epoch.CompareTo(other.Epoch);

    public override string ToString() => $"{Epoch}-{Offset}";

    public static bool operator <(EntryId left, EntryId right) => left.CompareTo(right) < 0;

    public static bool operator >(EntryId left, EntryId right) => left.CompareTo(right) > 0;

    // Read without a sign.
    private static long? Number(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out ulong number, out var read) && read == digits.Length && number <= long.MaxValue ? (long)number : null;
}
