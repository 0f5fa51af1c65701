using System.Text;

namespace StreamRelay.Postgres;

/// <summary>Text as the database can hold it: U+0000 and surrogates without their other half become U+FFFD.</summary>
internal static class PostgresText
{
    public static string From(string text)
    {
        text = text.Replace('\0', '\uFFFD');
        return text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;
    }
}
