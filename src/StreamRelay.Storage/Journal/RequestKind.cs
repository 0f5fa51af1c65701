namespace StreamRelay.Storage.Journal;

/// <summary>The kinds of requests to the commit loop.</summary>
internal enum RequestKind
{
    /// <summary>Opens a log for a writer of an epoch.</summary>
    Open,

    /// <summary>Appends for an open writer.</summary>
    Append,

    /// <summary>Appends if the first offset of the entries is the next offset of the log.</summary>
    TryAppend,

    /// <summary>Deletes the log of a task.</summary>
    Delete,

    /// <summary>Writes nothing, and makes the commit loop trim the table of logs if it is large.</summary>
    Trim,
}
