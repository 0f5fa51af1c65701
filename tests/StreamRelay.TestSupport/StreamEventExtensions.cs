using System.Text;
using StreamRelay.Events;

namespace StreamRelay.TestSupport;

/// <summary>The content of events as text.</summary>
public static class StreamEventExtensions
{
    public static string Text(this StreamEvent streamEvent) => Encoding.UTF8.GetString(streamEvent.Content.Span);

    public static string Metadata(this StreamEvent streamEvent) => Encoding.UTF8.GetString(streamEvent.Metadata.Span);

    public static string Output(this IEnumerable<StreamEntry> entries) =>
        string.Concat(entries.Where(entry => entry.Event.Kind == StreamEventKind.Output).Select(entry => entry.Event.Text()));
}
