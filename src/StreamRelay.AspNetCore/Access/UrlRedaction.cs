using System.Net;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Removes secrets from request targets before they are logged.</summary>
public static class UrlRedaction
{
    private const string Hidden = "***";

    /// <summary>Returns the path and query with the value of every <c>ticket</c> parameter replaced by <c>***</c>; the name is matched without regard to case and percent-encoding.</summary>
    public static string Redact(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target[..(query + 1)] + string.Join('&', target[(query + 1)..].Split('&').Select(RedactPair));
    }

    private static string RedactPair(string pair)
    {
        var name = pair.Split('=')[0];
        return pair.Length > name.Length && WebUtility.UrlDecode(name).Equals(TicketScope.TicketParameter, StringComparison.OrdinalIgnoreCase)
            ? $"{name}={Hidden}"
            : pair;
    }
}
