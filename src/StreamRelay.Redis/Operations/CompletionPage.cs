namespace StreamRelay.Redis.Operations;

/// <summary>Messages that were claimed, and where the search for more continues.</summary>
/// <param name="Messages">The messages.</param>
/// <param name="Cursor">Where the search continues.</param>
internal readonly record struct CompletionPage(IReadOnlyList<CompletionMessage> Messages, string Cursor)
{
    /// <summary>The cursor at the beginning of a search, and at its end.</summary>
    public const string Beginning = "0-0";

    /// <summary>Whether every pending message was looked at.</summary>
    public bool IsLast => Cursor == Beginning;
}
