using System.Net.Security;
using System.Net.Sockets;

namespace StreamRelay.Redis.Resp;

/// <summary>A connected socket, with or without TLS.</summary>
internal sealed class RespTransport : IDisposable
{
    private const int KeepAliveSeconds = 10;

    private readonly Socket _socket;

    private RespTransport(Socket socket)
    {
        _socket = socket;
        Stream = new NetworkStream(socket, ownsSocket: true);
    }

    public Stream Stream { get; private set; }

    public static async Task<RespTransport> ConnectAsync(RedisOptions options, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        RespTransport? transport = null;
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveSeconds);
            await socket.ConnectAsync(options.Host, options.Port, cancellationToken);
            transport = new RespTransport(socket);
            if (options.UseTls)
                await transport.SecureAsync(options, cancellationToken);
            return transport;
        }
        catch
        {
            transport?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Ends whatever is being sent or received.</summary>
    public void Abort() => _socket.Dispose();

    public void Dispose() => Stream.Dispose();

    private async Task SecureAsync(RedisOptions options, CancellationToken cancellationToken)
    {
        var secure = new SslStream(Stream);
        Stream = secure;
        await secure.AuthenticateAsClientAsync(RespTls.Options(options), cancellationToken);
    }
}
