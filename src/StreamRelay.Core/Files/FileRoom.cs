namespace StreamRelay.Files;

/// <summary>How large the next file of a task may be.</summary>
/// <param name="Bytes">The most bytes; negative when there may be no further file at all.</param>
/// <param name="Setting">The setting that limits it.</param>
/// <param name="Limit">The value of that setting.</param>
internal readonly record struct FileRoom(long Bytes, string Setting, long Limit)
{
    /// <summary>Files without limits.</summary>
    public static FileRoom Unlimited { get; } = new(long.MaxValue, "", long.MaxValue);
}
