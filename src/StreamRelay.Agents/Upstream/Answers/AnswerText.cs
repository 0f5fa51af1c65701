using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>Reads text of servers that split it between UTF-16 code units: a piece may end with a high surrogate, and the next one begin with the low surrogate.</summary>
internal static class AnswerText
{
    private const int UnicodeLength = 6;

    /// <summary>The text, unpaired surrogates included.</summary>
    public static string Read(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Unescape(text.GetRawText().AsSpan()[1..^1]);
        }
    }

    /// <summary>Whether two texts differ in nothing but white space.</summary>
    public static bool IsSame(string first, string second) =>
        first.Where(static character => !char.IsWhiteSpace(character)).SequenceEqual(second.Where(static character => !char.IsWhiteSpace(character)));

    private static string Unescape(ReadOnlySpan<char> raw)
    {
        var text = new StringBuilder(raw.Length);
        while (!raw.IsEmpty)
        {
            var isUnicode = raw is ['\\', 'u', ..];
            text.Append(isUnicode
                ? (char)ushort.Parse(raw[2..UnicodeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                : raw is ['\\', var escaped, ..] ? Unescape(escaped) : raw[0]);
            raw = raw[(isUnicode ? UnicodeLength : raw[0] == '\\' ? 2 : 1)..];
        }

        return text.ToString();
    }

    private static char Unescape(char escaped) => escaped switch
    {
        'b' => '\b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        _ => escaped,
    };
}
