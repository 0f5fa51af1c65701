namespace StreamRelay.Redis.Log;

/// <summary>The newest element of a log, as a writer knows it.</summary>
/// <param name="Id">The id of the element.</param>
/// <param name="Length">The number of elements in the log; <see cref="Unknown"/> when it was not counted.</param>
internal readonly record struct LogTop(EntryId Id, long Length = LogTop.Unknown)
{
    /// <summary>The length of a log that was not counted.</summary>
    public const long Unknown = -1;
}
