using System.Net;
using System.Net.Sockets;

namespace StreamRelay.TestSupport;

/// <summary>Addresses of this machine for servers that tests start.</summary>
public static class Loopback
{
    private const int FirstPort = 10_000;

    private const int Ports = 22_000;

    private static int _next = Random.Shared.Next(Ports);

    /// <summary>A free port that this method has not returned before. It lies below the ports that the system gives to clients: one of those could be taken while a server restarts.</summary>
    public static int FreePort()
    {
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            var port = FirstPort + ((Interlocked.Increment(ref _next) & int.MaxValue) % Ports);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Another process uses this port.
            }
        }
    }
}
