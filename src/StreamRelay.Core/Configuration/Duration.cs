using System.Globalization;

namespace StreamRelay.Configuration;

/// <summary>Reads durations such as <c>90s</c>, <c>15m</c>, <c>24h</c> and <c>7d</c>.</summary>
public static class Duration
{
    private const long LongestSeconds = 36_500L * 86_400;

    /// <summary>Reads a whole number with a unit: <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>. A number alone counts seconds.</summary>
    /// <returns><see langword="false"/> when the text is something else, or longer than a hundred years.</returns>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = default;
        if (text.Length == 0)
            return false;

        var unit = text[^1] switch { 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 1 };
        var digits = text[^1] is 's' or 'm' or 'h' or 'd' ? text[..^1] : text;
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > LongestSeconds / unit)
            return false;

        duration = TimeSpan.FromSeconds(number * unit);
        return true;
    }
}
