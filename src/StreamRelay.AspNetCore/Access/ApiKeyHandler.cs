using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.Keys;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Authenticates API keys, and requests without one where they are served. It also writes the responses to refused requests of every scheme.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KeyRing keys, RequestErrors errors)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        errors.RunAsync(Context, keys.LoopbackViolation(Context) is { } reason ? AccessErrors.LocalOnly(reason).ExecuteAsync : AccessErrors.UnauthorizedAsync);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        errors.RunAsync(Context, (keys.LoopbackViolation(Context) is { } reason ? AccessErrors.LocalOnly(reason) : AccessErrors.Forbidden(FindMissingScope())).ExecuteAsync);

    private string? FindMissingScope() => Context.GetEndpoint()?.Metadata.OfType<IAuthorizeData>().Select(static data => RelayPolicies.FindScope(data.Policy))
        .FirstOrDefault(scope => scope is not null && !Context.User.HasScope(scope));

    private AuthenticateResult Authenticate()
    {
        if (BearerToken.IsSent(Request.Headers) && !keys.IsEmpty)
            return BearerToken.Read(Request.Headers) is { } token && keys.Find(token) is { } key ? Accept(key) : AuthenticateResult.NoResult();

        // Checked here too, so that a policy of the application that accepts this scheme does not admit other machines.
        return keys.KeylessOwner is { } owner && keys.LoopbackViolation(Context) is null
            ? Accept(Keyless.Id, owner, [], owner == Keyless.LocalOwner ? AccessScopes.All : [])
            : AuthenticateResult.NoResult();
    }

    private AuthenticateResult Accept(ApiKeyOptions key) => Accept(StoredKey.IdOf(key.Hash), key.Owner, key.Agents, key.Scopes);

    private AuthenticateResult Accept(string id, string owner, IEnumerable<string> agents, IEnumerable<string> scopes)
    {
        Context.Features.Set(keys.ValidityOf(id));
        Claim[] claims =
        [
            new(keys.OwnerClaim, owner),
            new(CallerClaims.Key, id),
            .. agents.Select(static agent => new Claim(CallerClaims.Agent, agent)),
            .. scopes.Select(static scope => new Claim(CallerClaims.Scope, scope)),
        ];
        return AuthenticateResult.Success(new(new(new ClaimsIdentity(claims, Scheme.Name, keys.OwnerClaim, ClaimTypes.Role)), Scheme.Name));
    }
}
