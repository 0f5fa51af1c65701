using System.Text;
using StreamRelay.Events;

namespace StreamRelay.Redis.Log;

/// <summary>An element of a task's stream as it is written: a batch of entries, or the marker of an epoch. It never changes, so that it can be written again.</summary>
/// <param name="Id">The id.</param>
/// <param name="Field">The name of the first field.</param>
/// <param name="Bytes">The value of the first field.</param>
internal sealed record LogElement(EntryId Id, string Field, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The name of the one of several writers that wrote the element; empty where there is only one.</summary>
    public ReadOnlyMemory<byte> Writer { get; init; }

    /// <summary>Whether the log ends with the element and expires some time later.</summary>
    public bool IsLast { get; init; }

    /// <summary>The element that an epoch begins with.</summary>
    public static LogElement Marker(long epoch, string node) => new(new(epoch, 0), StoredBatch.Marker, Encoding.UTF8.GetBytes(node));

    /// <summary>A batch of entries that follow each other.</summary>
    public static LogElement Batch(long epoch, ReadOnlySpan<StreamEntry> entries) => new(new(epoch, entries[0].Offset), StoredBatch.Format, StoredBatch.Write(entries))
    {
        IsLast = entries[^1].Event.Kind.IsTerminal(),
    };
}
