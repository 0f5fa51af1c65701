using System.Net;
using System.Net.Sockets;

namespace StreamRelay.TestSupport;

/// <summary>A TCP proxy in front of a server that cuts connections.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private const int BufferBytes = 4096;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _clients = [];
    private readonly Uri _target;
    private readonly int? _bytes;
    private readonly bool _resets;
    private readonly Task _accepting;
    private int _connections;

    /// <summary>Starts the proxy.</summary>
    /// <param name="target">The server.</param>
    /// <param name="bytes">Cuts each connection after so many bytes of answers; default: only when it is told to.</param>
    /// <param name="resets">Whether a connection that is cut is reset; else it is closed, as if the server had nothing more to send.</param>
    public CuttingProxy(Uri target, int? bytes = null, bool resets = true)
    {
        (_target, _bytes, _resets) = (target, bytes, resets);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>The number of connections so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Cuts every open connection. New connections are accepted.</summary>
    public void Cut()
    {
        lock (_clients)
        {
            foreach (var client in _clients)
                Cut(client);

            _clients.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Cut();
        await _accepting;
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
                connections.Add(RelayAsync(await _listener.AcceptTcpClientAsync()));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            Cut();
            await Task.WhenAll(connections);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        Interlocked.Increment(ref _connections);
        lock (_clients)
            _clients.Add(client);
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(_target.Host, _target.Port);
            var (near, far) = (client.GetStream(), server.GetStream());
            await await Task.WhenAny(near.CopyToAsync(far), AnswerAsync(far, client));
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
        }
        finally
        {
            client.Dispose();
            lock (_clients)
                _clients.Remove(client);
        }
    }

    private async Task AnswerAsync(NetworkStream server, TcpClient client)
    {
        var buffer = new byte[BufferBytes];
        var left = _bytes ?? int.MaxValue;
        while (left > 0 && await server.ReadAsync(buffer.AsMemory(0, Math.Min(left, BufferBytes))) is > 0 and var read)
        {
            await client.GetStream().WriteAsync(buffer.AsMemory(0, read));
            left -= _bytes is null ? 0 : read;
        }

        if (left == 0)
            Cut(client);
    }

    private void Cut(TcpClient client)
    {
        if (_resets)
            client.LingerState = new(true, 0);

        client.Close();
    }
}
