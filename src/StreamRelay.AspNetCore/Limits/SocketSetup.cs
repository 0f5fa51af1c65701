using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using StreamRelay.Streams;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>Lets the operating system give up a client that does not acknowledge what it was sent. A client whose machine or network went
/// away says nothing: without this, the kernel would try for about a quarter of an hour.</summary>
internal sealed class SocketSetup(IOptions<StreamOptions> streams) : IConfigureOptions<SocketTransportOptions>
{
    private const int Tcp = 6;
    private const int UserTimeout = 18;

    public void Configure(SocketTransportOptions options)
    {
        if (OperatingSystem.IsLinux())
            options.CreateBoundListenSocket = Listen;
    }

    // Accepted sockets inherit what the listening one is set to.
    private Socket Listen(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (endpoint is IPEndPoint)
            socket.SetRawSocketOption(Tcp, UserTimeout, BitConverter.GetBytes((int)streams.Value.StallTimeout.TotalMilliseconds));

        return socket;
    }
}
