namespace StreamRelay.Storage;

internal enum RequestKind
{
    Open,
    Append,
    DeleteLog,
    DeleteTask,

    /// <summary>Writes nothing: makes room in memory, between groups.</summary>
    Trim,
}
