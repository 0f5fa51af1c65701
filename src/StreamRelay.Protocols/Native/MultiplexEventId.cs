using System.Globalization;
using System.Text;
using StreamRelay.Protocols.Sse;

namespace StreamRelay.Protocols.Native;

/// <summary>The id of a frame in a stream of several tasks: the place in each, in the order of the request, joined by dots, such as <c>12.7.0</c>.
/// A place inside an entry is written <c>12-1</c>.</summary>
public static class MultiplexEventId
{
    private const char Between = '.';
    private const char Inside = '-';

    /// <summary>Reads an id.</summary>
    /// <returns>One place for each task, or <see langword="null"/> when it is malformed or has another number of them.</returns>
    public static FrameId[]? Parse(string text, int tasks)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(Between);
        var places = new FrameId[parts.Length];
        for (var index = 0; index < parts.Length; index++)
        {
            if (!FrameId.TryParse(parts[index].Replace(Inside, Between), out places[index]))
                return null;
        }

        return places.Length == tasks ? places : null;
    }

    /// <summary>Writes an id.</summary>
    public static string Format(ReadOnlySpan<FrameId> places)
    {
        var text = new StringBuilder();
        foreach (var place in places)
        {
            if (text.Length > 0)
                text.Append(Between);

            text.Append(CultureInfo.InvariantCulture, $"{place.Offset}");
            if (place.Frame > 0)
                text.Append(CultureInfo.InvariantCulture, $"{Inside}{place.Frame}");
        }

        return text.ToString();
    }
}
