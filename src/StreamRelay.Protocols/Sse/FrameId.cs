using System.Globalization;

namespace StreamRelay.Protocols.Sse;

/// <summary>The id of a frame: <c>N</c> is the last frame of entry N, <c>N.k</c> an earlier one (k = 1, 2 …). As a position in a stream it means that all frames up to and including this one were seen.</summary>
/// <param name="Offset">The entry; 0 is before the first.</param>
/// <param name="Frame">Which frame of it; 0 for the last.</param>
public readonly record struct FrameId(long Offset, int Frame)
{
    /// <summary>Before the first frame.</summary>
    public static FrameId None { get; }

    /// <summary>Reads an id in its form on the wire.</summary>
    /// <returns><see langword="false"/> when it is negative, not a number or otherwise not an id.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out FrameId id)
    {
        id = default;

        // The parser of numbers ignores zero characters at the end.
        if (text.Contains('\0'))
            return false;

        var dot = text.IndexOf('.');
        var frame = 0;
        if (!long.TryParse(dot < 0 ? text : text[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
            return false;
        if (dot >= 0 && (offset == 0 || !int.TryParse(text[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out frame) || frame == 0))
            return false;

        id = new(offset, frame);
        return true;
    }

    /// <summary>The id in its form on the wire.</summary>
    public override string ToString() => Frame == 0
        ? Offset.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Offset}.{Frame}");
}
