using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using StreamRelay.Streams;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>Makes the operating system close the connection of a client that acknowledges nothing for the stall timeout. Without it, the kernel would
/// retransmit for about a quarter of an hour to a client whose machine or network is gone.</summary>
internal sealed class SocketSetup(IOptions<StreamOptions> streams) : IConfigureOptions<SocketTransportOptions>
{
    private const int Tcp = 6;
    private const int UserTimeout = 18;

    public void Configure(SocketTransportOptions options)
    {
        if (OperatingSystem.IsLinux())
            options.CreateBoundListenSocket = Listen;
    }

    // Accepted sockets inherit the option from the listening socket.
    private Socket Listen(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (endpoint is IPEndPoint)
            socket.SetRawSocketOption(Tcp, UserTimeout, BitConverter.GetBytes((int)streams.Value.StallTimeout.TotalMilliseconds));

        return socket;
    }
}
