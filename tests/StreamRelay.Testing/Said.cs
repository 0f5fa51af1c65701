using System.Text;
using StreamRelay.Events;

namespace StreamRelay.Testing;

/// <summary>Short looks at what was said.</summary>
public static class Said
{
    public static string Text(this StreamEvent said) => Encoding.UTF8.GetString(said.Content.Span);

    public static string Metadata(this StreamEvent said) => Encoding.UTF8.GetString(said.Metadata.Span);

    public static string Output(this IEnumerable<StreamEntry> entries) =>
        string.Concat(entries.Where(entry => entry.Event.Kind == StreamEventKind.Output).Select(entry => entry.Event.Text()));
}
