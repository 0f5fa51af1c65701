using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Reads the ticket, or the cookie it was exchanged for, that a request brings.</summary>
internal sealed class TicketReader(TicketSigner signer, StreamCookie cookie, KeyRing keys)
{
    /// <summary>The purpose that tickets are signed for.</summary>
    public const string Purpose = "StreamRelay.Ticket";

    /// <summary>The query parameter that holds a ticket.</summary>
    public const string Parameter = "ticket";

    /// <summary>Reads it where the route takes tickets.</summary>
    /// <param name="context">The request.</param>
    /// <param name="caller">The caller, or <see langword="null"/> when the ticket is not valid.</param>
    /// <returns><see langword="false"/> when there is none.</returns>
    public bool TryRead(HttpContext context, out ClaimsPrincipal? caller)
    {
        caller = null;
        if (!TicketRoutes.IsReading(context))
            return false;

        // The cookie first: a browser that reconnects sends the URL it began with, and the ticket in it has expired since.
        var isStream = TicketRoutes.IsStream(context);
        var kept = isStream ? cookie.Read(context) : null;
        if (kept is null && !context.Request.Query.ContainsKey(Parameter))
            return false;

        var ticket = kept ?? signer.Read(context.Request.Query[Parameter].ToString(), Purpose);
        if (ticket is null || !keys.Knows(ticket.Owner))
            return true;
        if (kept is null && isStream)
            cookie.KeepOnSuccess(context, ticket);

        context.Features.Set<ICallerValidity>(new CallerValidity(() => keys.Knows(ticket.Owner)));
        caller = Caller.Create(ticket);
        return true;
    }
}
