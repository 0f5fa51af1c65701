namespace StreamRelay.Redis.Log;

/// <summary>The message that is published with a new element: its id, and for a small batch also its format and its bytes, each after a space.</summary>
/// <param name="Id">The id; <see langword="null"/> when the message only says that something has changed.</param>
/// <param name="Batch">The batch; <see langword="null"/> when it has to be read from the log.</param>
internal readonly record struct PublishedElement(EntryId? Id, StoredBatch? Batch)
{
    private const byte Space = (byte)' ';

    /// <summary>Reads a message. A message in an unknown form says that something has changed.</summary>
    public static PublishedElement Read(ReadOnlyMemory<byte> message)
    {
        var end = message.Span.IndexOf(Space);
        if (!EntryId.TryParse(end < 0 ? message.Span : message.Span[..end], out var id))
            return default;

        return new(id, end < 0 ? null : ReadBatch(id, message[(end + 1)..]));
    }

    private static StoredBatch? ReadBatch(EntryId id, ReadOnlyMemory<byte> text)
    {
        var end = text.Span.IndexOf(Space);
        return end > 0 && text.Span[..end].SequenceEqual(StoredBatch.FormatName) ? StoredBatch.Read(id, text[(end + 1)..]) : null;
    }
}
