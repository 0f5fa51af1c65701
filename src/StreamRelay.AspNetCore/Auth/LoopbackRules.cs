using System.Net;
using Microsoft.AspNetCore.Http;

namespace StreamRelay.AspNetCore.Auth;

/// <summary>What a request must look like when no key is configured: made on this machine, by a program or our own page. Neither a web page of
/// someone else's nor a proxy may get in.</summary>
internal static class LoopbackRules
{
    private static readonly string[] Forwarded =
        ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"];

    /// <summary>Why the request is refused, or <see langword="null"/>.</summary>
    public static string? Refusal(HttpContext context)
    {
        var request = context.Request;
        if (context.Connection.RemoteIpAddress is not { } remote || !IPAddress.IsLoopback(remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote))
            return "it comes from another machine";
        if (Forwarded.FirstOrDefault(request.Headers.ContainsKey) is { } header)
            return $"it was forwarded ({header})";
        if (!IsLoopback(request.Host.Host))
            return "its Host is not this machine";
        if (request.Headers.Origin.ToString() is { Length: > 0 } origin && !IsSameOrigin(origin, request))
            return "its Origin is another site";

        return request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none" ? null : "a page of another site made it";
    }

    /// <summary>Whether a host name means this machine.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsSameOrigin(string origin, HttpRequest request) =>
        origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
}
