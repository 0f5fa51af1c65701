namespace StreamRelay.Events;

/// <summary>The wire names of event kinds (<c>event_type</c>).</summary>
public static class StreamEventKindExtensions
{
    private static readonly string[] Names =
    [
        "", "start", "thought", "output", "step_start", "step_end", "action_start", "action_delta", "action",
        "observation", "file", "usage", "data", "log", "end", "error",
    ];

    private static readonly byte[][] Utf8Names = [.. Names.Select(System.Text.Encoding.UTF8.GetBytes)];

    /// <summary>The name on the wire, as UTF-8.</summary>
    public static ReadOnlySpan<byte> ToUtf8Name(this StreamEventKind kind) => Utf8Names[(int)kind];

    /// <summary>The name on the wire, such as <c>step_start</c>.</summary>
    public static string ToName(this StreamEventKind kind) => Names[(int)kind];

    /// <summary>Whether an event of this kind ends its task.</summary>
    public static bool IsTerminal(this StreamEventKind kind) => kind is StreamEventKind.End or StreamEventKind.Error;

    /// <summary>Whether the content is a piece of running text, which may be split anywhere between code points.</summary>
    public static bool IsText(this StreamEventKind kind) =>
        kind is StreamEventKind.Output or StreamEventKind.Thought or StreamEventKind.ActionDelta or StreamEventKind.Log;
}
