using System.Globalization;
using System.Text;
using Serilog.Core;
using Serilog.Events;

namespace StreamRelay.Server.Logging;

/// <summary>Replaces control characters in every logged text by their numbers: a URL or a name that a client sends can neither clear the operator's screen nor look like a line of the log.</summary>
internal sealed class ControlCharacters : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        foreach (var (name, value) in logEvent.Properties)
        {
            if (value is ScalarValue { Value: string text } && text.Any(IsUnsafe))
                logEvent.AddOrUpdateProperty(new(name, new ScalarValue(Escape(text))));
        }
    }

    // Format characters can turn the direction of the text that follows them.
    private static bool IsUnsafe(char character) =>
        (char.IsControl(character) && character != '\t') || char.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var character in text)
            _ = IsUnsafe(character) ? escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}") : escaped.Append(character);

        return escaped.ToString();
    }
}
