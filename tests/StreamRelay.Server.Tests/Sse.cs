namespace StreamRelay.Server;

/// <summary>Looks at server-sent events as text.</summary>
internal static class Sse
{
    /// <summary>The frames of a stream, without what belongs to the connection.</summary>
    public static List<string> Frames(string stream) =>
        [.. stream.Split("\n\n").SkipLast(1).Where(frame => !frame.StartsWith(':') && !frame.StartsWith("retry:", StringComparison.Ordinal)).Select(frame => frame + "\n\n")];

    public static string Id(string frame) => frame.Split('\n').First(line => line.StartsWith("id: ", StringComparison.Ordinal))[4..];

    public static string Data(string frame) => frame.Split('\n').First(line => line.StartsWith("data: ", StringComparison.Ordinal))[6..];
}
