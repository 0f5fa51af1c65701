using System.Net;
using System.Net.Sockets;

namespace StreamRelay.AspNetCore.Limits.Connections;

/// <summary>Counts the open connections, in sum and per address. Safe to use from any thread.</summary>
/// <param name="limit">The most connections; 0: no limit.</param>
/// <param name="addressLimit">The most connections of one address; 0: no limit.</param>
internal sealed class ConnectionCounts(long limit, long addressLimit)
{
    // A site that has IPv6 has at least so many bits for itself, and could use another address for every connection.
    private const int NetworkBytes = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, long> _addresses = [];
    private long _count;

    /// <summary>Counts a connection.</summary>
    /// <returns><see langword="false"/> when a limit is reached: it is not counted.</returns>
    public bool TryAdd(EndPoint? remote)
    {
        var address = AddressOf(remote);
        lock (_lock)
        {
            var count = address is null ? 0 : _addresses.GetValueOrDefault(address);
            if ((limit > 0 && _count >= limit) || (address is not null && addressLimit > 0 && count >= addressLimit))
                return false;

            _count++;
            if (address is not null)
                _addresses[address] = count + 1;

            return true;
        }
    }

    /// <summary>Removes a connection that was counted.</summary>
    public void Remove(EndPoint? remote)
    {
        var address = AddressOf(remote);
        lock (_lock)
        {
            _count--;
            if (address is null)
                return;
            if (_addresses[address] == 1)
                _addresses.Remove(address);
            else
                _addresses[address]--;
        }
    }

    /// <summary>An address of IPv4, or the network of one of IPv6.</summary>
    public static IPAddress NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new(bytes);
    }

    // A socket that is a file has no address.
    private static IPAddress? AddressOf(EndPoint? remote) => remote is IPEndPoint { Address: var address } ? NetworkOf(address) : null;
}
