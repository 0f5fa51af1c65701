using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Authenticates the ticket of a request, or the cookie that the ticket was exchanged for, on endpoints that tickets may read.</summary>
internal sealed class TicketHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, TicketSigner signer, StreamCookie cookie, KeyRing keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>The purpose that tickets are signed for.</summary>
    public const string Purpose = "StreamRelay.Ticket";

    /// <summary>The query parameter that holds a ticket.</summary>
    public const string Parameter = "ticket";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Task.FromResult(TicketScope.Of(Context) is { } scope && Read(scope) is { } ticket ? Accept(ticket) : AuthenticateResult.NoResult());

    private Ticket? Read(TicketScope scope)
    {
        // The cookie first: a browser that reconnects sends the URL of its first request, whose ticket has expired.
        var kept = scope.IsStream ? cookie.Read(Context, scope) : null;
        var ticket = kept ?? signer.Read(Request.Query[Parameter].ToString(), Purpose);
        if (ticket is null || !keys.Knows(ticket.Owner))
            return null;
        if (kept is null && scope.IsStream)
            cookie.KeepOnSuccess(Context, scope, ticket);

        return ticket;
    }

    private AuthenticateResult Accept(Ticket ticket)
    {
        Context.Features.Set<ICallerValidity>(new CallerValidity(() => keys.Knows(ticket.Owner)));
        Claim[] claims = [new(keys.OwnerClaim, ticket.Owner), new(CallerClaims.Scope, AccessScopes.Read), .. ticket.Tasks.Select(static task => new Claim(CallerClaims.Task, task.ToString()))];
        return AuthenticateResult.Success(new(new(new ClaimsIdentity(claims, Scheme.Name, keys.OwnerClaim, ClaimTypes.Role)), Scheme.Name));
    }
}
