namespace StreamRelay.TestSupport.Streams;

/// <summary>Splits server-sent events in text form.</summary>
public static class SseText
{
    /// <summary>The complete frames of a stream, without heartbeats and <c>retry:</c> lines.</summary>
    public static List<string> Frames(string stream) =>
        [.. stream.Split("\n\n").SkipLast(1).Where(frame => !frame.StartsWith(':') && !frame.StartsWith("retry:", StringComparison.Ordinal)).Select(frame => frame + "\n\n")];

    public static string Id(string frame) => frame.Split('\n').First(line => line.StartsWith("id: ", StringComparison.Ordinal))[4..];

    public static string Data(string frame) => frame.Split('\n').First(line => line.StartsWith("data: ", StringComparison.Ordinal))[6..];
}
