using System.Net;
using System.Net.Sockets;

namespace StreamRelay.Testing;

/// <summary>Addresses of this machine for servers that tests start.</summary>
public static class Loopback
{
    /// <summary>A free port below those that the system gives to clients, which would take it while a server is restarted.</summary>
    public static int FreePort()
    {
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            var port = Random.Shared.Next(10_000, 32_000);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it: another one.
            }
        }
    }
}
