using System.Net;
using Microsoft.AspNetCore.Http;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Distinguishes requests of programs on this machine from those of web pages, proxies and other machines.</summary>
internal static class LoopbackRules
{
    private static readonly string[] Markers = ["Forward", "Client-IP", "ClientIP", "Real-IP", "Connecting-IP", "Remote-IP", "Remote-Addr", "User-IP", "Original-", "Proxy"];

    private static readonly string[] Prefixes =
        ["Via", "X-Via", "CDN-", "CF-", "Fastly-", "Fly-", "Akamai-", "Tailscale-", "Ngrok-", "X-Envoy-", "X-Amz", "X-Azure-", "X-ARR-", "X-Appengine-", "X-Cloud-Trace", "X-Vercel-", "X-Varnish"];

    /// <summary>The reason why the request does not count as one of a program on this machine, or <see langword="null"/>.</summary>
    public static string? Violation(HttpContext context, IReadOnlySet<string> origins)
    {
        var request = context.Request;
        if (!IsLoopback(context.Connection.RemoteIpAddress))
            return "this request comes from another machine";

        // A web page whose host name resolves to 127.0.0.1 (DNS rebinding) differs from a local program in this header only.
        if (!IsLoopback(request.Host.Host))
            return "the Host of this request is not localhost";
        if (request.Headers.Keys.FirstOrDefault(IsForwarding) is { } header)
            return $"this request came through a proxy ({header})";

        return !BrowserRules.IsOfAnotherSite(request) || origins.Contains(request.Headers.Origin.ToString())
            ? null
            : $"this request was made by a page of another site, whose origin is not in {AuthOptions.Section}:Origins";
    }

    /// <summary>Whether a host name or address reaches this machine only.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IsLoopback(address));

    private static bool IsLoopback(IPAddress? address) =>
        address is not null && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    /// <summary>Whether only proxies, load balancers and tunnels send the header.</summary>
    private static bool IsForwarding(string header) =>
        Markers.Any(marker => header.Contains(marker, StringComparison.OrdinalIgnoreCase)) || Prefixes.Any(prefix => header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
