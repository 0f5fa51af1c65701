namespace StreamRelay.Events;

/// <summary>Splits text events that exceed the maximum size of an event.</summary>
internal static class EventSplitter
{
    /// <summary>The event, or events with its text in pieces; each has at most <paramref name="maxBytes"/>. Text is split between code points.</summary>
    /// <returns><see langword="null"/> when the event is too large and has no text to split.</returns>
    public static IEnumerable<StreamEvent>? Split(StreamEvent streamEvent, int maxBytes) =>
        streamEvent.Size <= maxBytes ? [streamEvent]
        : streamEvent.Kind.IsText() && streamEvent.Metadata.Length < maxBytes / 2 ? Pieces(streamEvent, maxBytes - streamEvent.Metadata.Length)
        : null;

    private static IEnumerable<StreamEvent> Pieces(StreamEvent streamEvent, int limit)
    {
        for (var rest = streamEvent.Content; !rest.IsEmpty;)
        {
            var length = Boundary(rest.Span, limit);
            yield return streamEvent with { Content = rest[..length] };
            rest = rest[length..];
        }
    }

    private static int Boundary(ReadOnlySpan<byte> text, int limit)
    {
        if (text.Length <= limit)
            return text.Length;

        while ((text[limit] & 0xC0) == 0x80)
            limit--;

        return limit;
    }
}
