using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using StreamRelay.Protocols.Http;

namespace StreamRelay.AspNetCore.Auth;

/// <summary>Lets a request in as somebody, or refuses it.</summary>
internal sealed class AccessMiddleware(RequestDelegate next, KeyRing keys, Tickets tickets, IOptions<AuthOptions> options)
{
    private const string Scheme = "Bearer ";

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (path.StartsWithSegments("/health"))
            return next(context);
        if (keys.IsEmpty && !options.Value.AllowAnonymous)
            return LoopbackRules.Refusal(context) is { } reason ? ForbidAsync(context, reason) : EnterAsync(context, "local", []);
        if (!NeedsCaller(path))
            return next(context);

        var authorization = context.Request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && keys.Find(authorization[Scheme.Length..].Trim()) is { } key)
            return EnterAsync(context, key.Owner, key.Agents);
        if (authorization.Length == 0 && tickets.Accept(context) is { } owner)
            return EnterAsync(context, owner, []);

        return authorization.Length == 0 && options.Value.AllowAnonymous ? EnterAsync(context, "anonymous", []) : ChallengeAsync(context);
    }

    private static bool NeedsCaller(PathString path) => path.StartsWithSegments("/v1") || path.StartsWithSegments("/download");

    private Task EnterAsync(HttpContext context, string owner, IEnumerable<string> agents)
    {
        context.User = new(new ClaimsIdentity(
            [new Claim(CallerClaims.Owner, owner), .. agents.Select(agent => new Claim(CallerClaims.Agent, agent))], "StreamRelay"));
        return next(context);
    }

    private static Task ChallengeAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return ApiResults.Error(StatusCodes.Status401Unauthorized,
            new("A valid API key is needed: Authorization: Bearer sr-…", "invalid_request_error", null, "invalid_api_key")).ExecuteAsync(context);
    }

    private static Task ForbidAsync(HttpContext context, string reason) => ApiResults.Error(StatusCodes.Status403Forbidden,
        new($"Without API keys only requests made on this machine are served, and {reason}. Configure one (StreamRelay:Auth:Keys, see --new-key).",
            "invalid_request_error", null, "local_only")).ExecuteAsync(context);
}
