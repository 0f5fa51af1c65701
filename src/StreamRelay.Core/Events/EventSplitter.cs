namespace StreamRelay.Events;

/// <summary>Splits events that are larger than one may be.</summary>
internal static class EventSplitter
{
    /// <summary>The event, or its text in pieces of at most <paramref name="maxBytes"/>, cut between code points.</summary>
    /// <returns><see langword="null"/> when it is too large, and no text that could be split.</returns>
    public static IEnumerable<StreamEvent>? Split(StreamEvent said, int maxBytes) =>
        said.Size <= maxBytes ? [said]
        : said.Kind.IsText() && said.Metadata.Length < maxBytes / 2 ? Pieces(said, maxBytes - said.Metadata.Length)
        : null;

    private static IEnumerable<StreamEvent> Pieces(StreamEvent said, int limit)
    {
        for (var rest = said.Content; !rest.IsEmpty;)
        {
            var length = Boundary(rest.Span, limit);
            yield return said with { Content = rest[..length] };
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
