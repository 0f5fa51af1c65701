using System.Text.Json;

namespace StreamRelay.Events;

/// <summary>How deeply JSON may be nested. What comes from outside is checked when it is read, so that it can be shown inside of other JSON wherever it is kept.</summary>
public static class JsonDepth
{
    /// <summary>The deepest nesting that is accepted: 8 levels less than the 64 that JSON readers, of this server and of most clients, read.</summary>
    public const int Max = 56;

    /// <summary>Refuses deeper JSON.</summary>
    public static JsonReaderOptions Reader { get; } = new() { MaxDepth = Max };

    /// <summary>Refuses deeper JSON.</summary>
    public static JsonDocumentOptions Document { get; } = new() { MaxDepth = Max };
}
