using System.Net;
using System.Net.Sockets;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Connects to public addresses only.</summary>
internal static class PublicConnection
{
    /// <summary>Resolves the host and connects to one of its public addresses. It connects to the address that was checked, so a name that changes its address in between has no effect.</summary>
    /// <exception cref="IOException">The host has no public address.</exception>
    public static async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
        IPAddress[] allowed = [.. addresses.Where(PublicAddress.Is)];
        if (allowed.Length == 0)
            throw new IOException($"{host} has no public address, and {WebhookOptions.Section}:AllowPrivate is off");

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
