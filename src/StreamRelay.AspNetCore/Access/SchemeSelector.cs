using Microsoft.AspNetCore.Http;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Chooses the scheme that authenticates a request to an endpoint of StreamRelay.</summary>
internal sealed class SchemeSelector(KeyRing keys, StreamCookie cookie)
{
    /// <summary>The scheme of the credentials that the request brings; <see cref="RelaySchemes.Default"/>, which authenticates API keys itself, for a key and for none.</summary>
    public string Select(HttpContext context)
    {
        var hasToken = BearerToken.IsSent(context.Request.Headers);
        if (keys.Scheme is { } scheme)
            return hasToken ? IsApiKey(BearerToken.Read(context.Request.Headers)) ? RelaySchemes.Default : scheme : HasTicket(context) ? RelaySchemes.Ticket : scheme;

        // Without a configured key there is nothing to compare the header with, and most clients insist on sending one.
        return (!hasToken || keys.IsEmpty) && HasTicket(context) ? RelaySchemes.Ticket : RelaySchemes.Default;
    }

    private bool IsApiKey(string? token) => !keys.IsEmpty && token?.StartsWith(ApiKey.Prefix, StringComparison.Ordinal) is true;

    private bool HasTicket(HttpContext context) =>
        TicketScope.Of(context) is { } scope && (context.Request.Query.ContainsKey(TicketScope.TicketParameter) || scope.IsStream && cookie.Read(context, scope) is not null);
}
