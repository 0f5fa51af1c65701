using System.Text;

namespace StreamRelay.Postgres;

/// <summary>Converts text to the form that the database can hold: U+0000 and unpaired surrogates become U+FFFD.</summary>
internal static class PostgresText
{
    public static string From(string text)
    {
        text = text.Replace('\0', '\uFFFD');
        return text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;
    }
}
