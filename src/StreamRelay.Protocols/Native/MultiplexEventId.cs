using System.Globalization;
using System.Text;
using StreamRelay.Protocols.Sse;

namespace StreamRelay.Protocols.Native;

/// <summary>The id of a frame in a stream of several tasks: the last frame of each task so far, in the order of the request, joined by dots, such as <c>12.7.0</c>.
/// A frame that is not the last of its entry is written <c>12-1</c>.</summary>
public static class MultiplexEventId
{
    private const char Between = '.';
    private const char Inside = '-';

    /// <summary>Reads an id.</summary>
    /// <returns>One frame for each task, or <see langword="null"/> when it is malformed or has another number of them.</returns>
    public static FrameId[]? Parse(string text, int tasks)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(Between);
        var frames = new FrameId[parts.Length];
        for (var index = 0; index < parts.Length; index++)
        {
            if (!FrameId.TryParse(parts[index].Replace(Inside, Between), out frames[index]))
                return null;
        }

        return frames.Length == tasks ? frames : null;
    }

    /// <summary>Writes an id.</summary>
    public static string Format(ReadOnlySpan<FrameId> frames)
    {
        var text = new StringBuilder();
        foreach (var frame in frames)
        {
            if (text.Length > 0)
                text.Append(Between);

            text.Append(CultureInfo.InvariantCulture, $"{frame.Offset}");
            if (frame.Frame > 0)
                text.Append(CultureInfo.InvariantCulture, $"{Inside}{frame.Frame}");
        }

        return text.ToString();
    }
}
