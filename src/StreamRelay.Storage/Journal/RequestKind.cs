namespace StreamRelay.Storage.Journal;

internal enum RequestKind
{
    Open,
    Append,

    /// <summary>Appends if nobody was first.</summary>
    TryAppend,
    DeleteLog,
    DeleteTask,

    /// <summary>Writes nothing: makes room in memory, between groups.</summary>
    Trim,
}
