using System.Net;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Recognizes requests that a web page of another site makes through its visitor's browser. They are refused with every kind of credentials,
/// because a browser adds cookies, and the address it calls from, without asking its user.</summary>
internal sealed class BrowserRules(KeyRing keys, IConfiguration configuration, IOptions<CorsOptions> cors, ForeignPages refused)
{
    /// <summary>The answer to a request that must not be served, or <see langword="null"/>.</summary>
    public IResult? FindFault(HttpContext context) =>
        IsForeign(context) ? Refuse(context.Request.Headers.Origin.ToString())
        : keys.KeylessOwner == Keyless.AnonymousOwner && !IsOwnHost(context.Request.Host.Host) ? AccessErrors.UnknownHost(context.Request.Host.Host)
        : null;

    /// <summary>Whether a page of another site made the request, as the headers that only the browser itself can set report.</summary>
    public static bool IsOfAnotherSite(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        var site = request.Headers["Sec-Fetch-Site"];
        return site.Count > 0 ? site.ToString() is not ("same-origin" or "none") : origin.Count > 0 && !IsSameHost(origin.ToString(), request.Host);
    }

    /// <summary>Logs the origin of a page that is not served, whatever refuses it: an endpoint, an authorization policy, or the answer to its browser's question before a request.</summary>
    public void LogForeign(HttpContext context)
    {
        if (context.Request.Headers.Origin.Count > 0 && IsForeign(context))
            refused.Add(context.Request.Headers.Origin.ToString());
    }

    private IResult Refuse(string origin)
    {
        refused.Add(origin);
        return AccessErrors.ForeignPage(origin);
    }

    private bool IsForeign(HttpContext context)
    {
        if (!IsOfAnotherSite(context.Request))
            return false;

        // A navigation to a download has no Origin. Its ticket is known to the page that was given it, and to no other.
        var origin = context.Request.Headers.Origin;
        return origin.Count > 0 ? !IsAdmitted(context, origin.ToString()) : TicketScope.Of(context) is null || !context.Request.Query.ContainsKey(TicketScope.TicketParameter);
    }

    /// <summary>The scheme is not compared: a proxy that ends TLS has another one.</summary>
    private static bool IsSameHost(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Host.Equals(host.Host, StringComparison.OrdinalIgnoreCase)
        && (host.Port is { } port ? uri.Port == port : uri.IsDefaultPort);

    private bool IsAdmitted(HttpContext context, string origin) =>
        keys.Origins.Contains(origin) || (Policy(context) is { } policy && (policy.AllowAnyOrigin || policy.IsOriginAllowed(origin)));

    /// <summary>The CORS policy of the endpoint, which the application may have set.</summary>
    private CorsPolicy? Policy(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<ICorsMetadata>() switch
    {
        ICorsPolicyMetadata inline => inline.Policy,
        IEnableCorsAttribute named => cors.Value.GetPolicy(named.PolicyName ?? cors.Value.DefaultPolicyName),
        _ => null,
    };

    /// <summary>Whether no page can have got its visitor's browser to resolve this host to the server (DNS rebinding): an address, a name without a dot, or one that <c>AllowedHosts</c> lists.</summary>
    private bool IsOwnHost(string host) =>
        !host.Contains('.', StringComparison.Ordinal) || IPAddress.TryParse(host, out _)
        || (configuration["AllowedHosts"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Any(allowed => Matches(host, allowed));

    private static bool Matches(string host, string allowed) =>
        allowed.StartsWith("*.", StringComparison.Ordinal) ? host.EndsWith(allowed[1..], StringComparison.OrdinalIgnoreCase) : host.Equals(allowed, StringComparison.OrdinalIgnoreCase);
}
