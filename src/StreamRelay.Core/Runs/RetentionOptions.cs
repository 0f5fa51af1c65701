namespace StreamRelay.Runs;

/// <summary>How long ended tasks are kept. Set by <c>StreamRelay:Storage:RetentionAge</c> and <c>StreamRelay:Storage:RetentionBytes</c>.</summary>
public sealed class RetentionOptions
{
    /// <summary>Time from the end of a task to its deletion. Default 24 h.</summary>
    public TimeSpan Age { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Bytes of events and files that ended tasks keep together; the oldest are deleted first. Default 0: no limit.</summary>
    public long Bytes { get; set; }
}
