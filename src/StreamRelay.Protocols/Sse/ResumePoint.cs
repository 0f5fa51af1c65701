namespace StreamRelay.Protocols.Sse;

/// <summary>How much of a stream a client has seen: all up to and including a frame, named by its id or counted from the first.</summary>
public readonly record struct ResumePoint
{
    private ResumePoint(FrameId frame, long? count)
    {
        Frame = frame;
        Count = count;
    }

    /// <summary>Nothing was seen.</summary>
    public static ResumePoint Start { get; }

    /// <summary>The last frame seen, unless frames are counted.</summary>
    internal FrameId Frame { get; }

    /// <summary>How many frames were seen, or <see langword="null"/> when the last is named.</summary>
    internal long? Count { get; }

    /// <summary>All up to and including a frame was seen.</summary>
    public static ResumePoint After(FrameId frame) => new(frame, null);

    /// <summary>So many frames were seen.</summary>
    public static ResumePoint AfterFrames(long count) => new(default, count);
}
