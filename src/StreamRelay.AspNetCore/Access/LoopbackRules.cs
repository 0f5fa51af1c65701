using System.Net;
using Microsoft.AspNetCore.Http;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Tells a program on this machine from a web page, a proxy or another machine that reaches the same port.</summary>
internal static class LoopbackRules
{
    /// <summary>What speaks against the request, or <see langword="null"/>.</summary>
    public static string? Violation(HttpContext context, IReadOnlySet<string> origins)
    {
        var request = context.Request;
        if (!IsLoopback(context.Connection.RemoteIpAddress))
            return "this request comes from another machine";

        // A page on a name that its owner points to 127.0.0.1 looks local in everything but this.
        if (!IsLoopback(request.Host.Host))
            return "the Host of this request is not localhost";
        if (request.Headers.Keys.FirstOrDefault(IsForwarding) is { } header)
            return $"this request came through a proxy ({header})";

        return IsSameOrigin(request) || origins.Contains(request.Headers.Origin.ToString()) ? null : "this request was made by a page of another site";
    }

    /// <summary>Whether a host name or address is this machine's alone.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IsLoopback(address));

    private static bool IsLoopback(IPAddress? address) =>
        address is not null && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private static bool IsForwarding(string header) =>
        header.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
        || header.Equals("Forwarded", StringComparison.OrdinalIgnoreCase)
        || header.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase)
        || header.Equals("Via", StringComparison.OrdinalIgnoreCase);

    private static bool IsSameOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        var site = request.Headers["Sec-Fetch-Site"];
        return (origin.Count == 0 || string.Equals(origin.ToString(), $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
            && (site.Count == 0 || site.ToString() is "same-origin" or "none");
    }
}
