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

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Task.FromResult(TicketScope.Of(Context) is { } scope && Read(scope) is { } ticket ? Accept(ticket) : AuthenticateResult.NoResult());

    private Ticket? Read(TicketScope scope)
    {
        // The cookie first: a browser that reconnects sends the URL of its first request, whose ticket has expired.
        var kept = scope.IsStream ? cookie.Read(Context, scope) : null;
        var ticket = kept ?? signer.Read(Request.Query[TicketScope.TicketParameter].ToString(), Purpose);
        if (ticket is null || !IsStillValid(ticket))
            return null;
        if (kept is null && scope.IsStream)
            cookie.KeepOnSuccess(Context, scope, ticket);

        return ticket;
    }

    /// <summary>A ticket ends with the key, or the rule, that it was issued for. The callers of the application's scheme are not known here: theirs end with their token.</summary>
    private bool IsStillValid(Ticket ticket) => ticket.Key == Keyless.Id
        ? keys.Scheme is not null || keys.KeylessOwner == ticket.Owner
        : keys.FindById(ticket.Key) is { } key && key.Owner == ticket.Owner;

    private AuthenticateResult Accept(Ticket ticket)
    {
        var key = keys.FindById(ticket.Key);
        if (ticket.Key != Keyless.Id || keys.Scheme is null)
            Context.Features.Set(keys.ValidityOf(ticket.Key));

        Claim[] claims =
        [
            new(keys.OwnerClaim, ticket.Owner),
            new(CallerClaims.Key, ticket.Key),
            new(CallerClaims.Scope, AccessScopes.Read),
            .. ticket.Tasks.Select(static task => new Claim(CallerClaims.Task, task.ToString())),
            .. key?.Agents.Select(static agent => new Claim(CallerClaims.Agent, agent)) ?? [],
        ];
        var properties = new AuthenticationProperties { ExpiresUtc = ticket.Until == Ticket.Endless ? null : ticket.Until };
        return AuthenticateResult.Success(new(new(new ClaimsIdentity(claims, Scheme.Name, keys.OwnerClaim, ClaimTypes.Role)), properties, Scheme.Name));
    }
}
