namespace StreamRelay.Redis;

/// <summary>Messages that were claimed, and where the search for more goes on.</summary>
/// <param name="Messages">The messages.</param>
/// <param name="Cursor">Where it goes on.</param>
internal readonly record struct CompletionPage(IReadOnlyList<CompletionMessage> Messages, string Cursor)
{
    /// <summary>Where a search begins, and what is said at its end.</summary>
    public const string Beginning = "0-0";

    /// <summary>Whether there is nothing left to look at.</summary>
    public bool IsLast => Cursor == Beginning;
}
