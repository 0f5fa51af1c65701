using System.Net.Sockets;

namespace StreamRelay.Redis.Connection;

/// <summary>Makes a connection fail soon when the network drops everything.</summary>
internal static class RedisSocket
{
    private const int KeepAliveSeconds = 10;
    private const int TcpLevel = 6;
    private const int LinuxUserTimeout = 18;

    /// <param name="socket">The socket, before it is connected.</param>
    /// <param name="timeoutMilliseconds">How long data may remain unacknowledged before the connection ends.</param>
    public static void Configure(Socket socket, int timeoutMilliseconds)
    {
        if (socket.ProtocolType != ProtocolType.Tcp)
            return;

        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveSeconds);
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(TcpLevel, LinuxUserTimeout, BitConverter.GetBytes(timeoutMilliseconds));
    }
}
