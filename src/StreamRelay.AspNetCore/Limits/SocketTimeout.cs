using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using StreamRelay.Streams;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>Makes the operating system close the connection of a stream's client that acknowledges nothing for the stall timeout. Without it, the kernel would
/// retransmit for about a quarter of an hour to a client whose machine or network is gone.</summary>
internal static class SocketTimeout
{
    private const int Tcp = 6;
    private const int UserTimeout = 18;

    /// <summary>Sets the timeout of the connection that a request came over, where it is TCP and the system is Linux.</summary>
    public static void Set(HttpContext context)
    {
        if (!OperatingSystem.IsLinux()
            || context.Features.Get<IConnectionSocketFeature>()?.Socket is not { AddressFamily: AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 } socket)
        {
            return;
        }

        var timeout = context.RequestServices.GetRequiredService<IOptions<StreamOptions>>().Value.StallTimeout;
        try
        {
            socket.SetRawSocketOption(Tcp, UserTimeout, BitConverter.GetBytes((int)timeout.TotalMilliseconds));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The connection is closed already, and the response fails by itself.
        }
    }
}
