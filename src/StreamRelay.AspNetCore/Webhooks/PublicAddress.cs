using System.Net;
using System.Net.Sockets;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Distinguishes addresses of the public internet from all others, by the IANA special-purpose address registries (RFC 6890).</summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] NotPublic4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    // Protocol assignments with Teredo, documentation twice, and 6to4, which leads to any IPv4 address.
    private static readonly IPNetwork[] NotPublic6 = [.. new[] { "2001::/23", "2001:db8::/32", "3fff::/20", "2002::/16" }.Select(IPNetwork.Parse)];

    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Whether an address belongs to the public internet. An IPv6 address that embeds an IPv4 address is checked as that address.</summary>
    public static bool Is(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return !NotPublic4.Any(network => network.Contains(address));
        if (address.IsIPv4MappedToIPv6)
            return Is(address.MapToIPv4());
        if (Nat64.Contains(address))
            return Is(new IPAddress(address.GetAddressBytes().AsSpan(12)));

        return Global6.Contains(address) && !NotPublic6.Any(network => network.Contains(address));
    }
}
