namespace StreamRelay.Protocols.Sse;

/// <summary>How much of a stream a client has seen: all frames up to one that is named by its id, or a number of frames from the first on.</summary>
public readonly record struct ResumePoint
{
    private ResumePoint(FrameId frame, long? count)
    {
        Frame = frame;
        Count = count;
    }

    /// <summary>The client has seen nothing.</summary>
    public static ResumePoint Start { get; }

    /// <summary>The last frame that the client has seen, unless frames are counted.</summary>
    internal FrameId Frame { get; }

    /// <summary>How many frames the client has seen, or <see langword="null"/> when the last one is named.</summary>
    internal long? Count { get; }

    /// <summary>The client has seen all frames up to and including this one.</summary>
    public static ResumePoint After(FrameId frame) => new(frame, null);

    /// <summary>The client has seen the first <paramref name="count"/> frames.</summary>
    public static ResumePoint AfterFrames(long count) => new(default, count);
}
