using Microsoft.AspNetCore.Http;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>Reads where a stream is resumed: the id of the last frame that the client has seen.</summary>
internal static class ResumeQuery
{
    private const string Header = "Last-Event-ID";
    private const string HeaderInQuery = "lasteventid";

    private static readonly string[] Similar =
    [
        "after", "afterid", "cursor", "eventid", "from", "fromid", "fromsequence", "lastid", "lastseen", "lastsequence", "offset", "position",
        "resume", "resumeafter", "resumefrom", "seq", "sequence", "sequencenumber", "since", "sinceid", "start", "startat", "startfrom", "startingafter",
    ];

    /// <summary>The name and the text of the position; <see langword="null"/> when the request has none. The header wins, because a browser keeps
    /// the URL that it began with. Clients that cannot set the header send it as a query parameter; it wins over the parameter of the route.</summary>
    /// <param name="request">The request.</param>
    /// <param name="parameter">The query parameter of the route, or <see langword="null"/> when it has none.</param>
    /// <exception cref="RequestException">400: another parameter looks like a position.</exception>
    public static (string Name, string Text)? Read(HttpRequest request, string? parameter)
    {
        RefuseOthers(request.Query, parameter);
        var header = request.Headers[Header].ToString();
        if (header.Length > 0)
            return (Header, header);

        var name = request.Query.Keys.FirstOrDefault(key => IsHeader(key) && request.Query[key].ToString().Length > 0) ?? parameter;
        return name is not null && request.Query[name].ToString() is { Length: > 0 } text ? (name, text) : null;
    }

    /// <summary>Refuses query parameters that name a position in a way that the route does not read: it would be ignored, and the stream would begin elsewhere.</summary>
    /// <exception cref="RequestException">400, naming the parameter.</exception>
    public static void RefuseOthers(IQueryCollection query, string? parameter)
    {
        foreach (var key in query.Keys)
        {
            if (!key.Equals(parameter, StringComparison.OrdinalIgnoreCase) && Similar.Contains(Normalize(key)))
            {
                throw RequestException.Invalid(
                    $"'{key}' is not a parameter of this route. To resume after a frame, send its id as '{parameter ?? Header}'.", key, "unknown_parameter");
            }
        }
    }

    private static bool IsHeader(string key) => Normalize(key).EndsWith(HeaderInQuery, StringComparison.Ordinal);

    private static string Normalize(string key) => key.Replace("-", "").Replace("_", "").ToLowerInvariant();
}
