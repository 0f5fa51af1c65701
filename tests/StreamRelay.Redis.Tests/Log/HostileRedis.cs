using System.Net;
using System.Net.Sockets;
using StreamRelay.TestSupport.Fuzzing;

namespace StreamRelay.Redis.Log;

/// <summary>A proxy in front of Redis that changes some replies at random. It closes a connection after such a reply, because a length that was changed would swallow all further ones.</summary>
internal sealed class HostileRedis : IDisposable
{
    private static readonly byte[][] Replies =
    [
        [.. "-ERR no\r\n"u8], [.. "-MOVED 1 127.0.0.1:1\r\n"u8], [.. "+OK\r\n"u8], [.. ":-5\r\n"u8], [.. ":9223372036854775807\r\n"u8], [.. "$-1\r\n"u8], [.. "$3\r\nabc\r\n"u8], [.. "_\r\n"u8],
        [.. "*0\r\n"u8], [.. "*1\r\n*0\r\n"u8], [.. "*1\r\n*2\r\n$3\r\n1-1\r\n*0\r\n"u8], [.. "*1\r\n*2\r\n$4\r\nnone\r\n*2\r\n$1\r\n1\r\n$2\r\nxx\r\n"u8], [.. "*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$1\r\n1\r\n$4\r\n\x07\0\0\0\r\n"u8],
        [.. "%1\r\n+a\r\n:1\r\n"u8], [.. "*1000000000\r\n"u8], [.. "\0\0\0\0"u8],
    ];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly int _port;
    private Random _random = new(0);
    private int _left;

    public HostileRedis(int port)
    {
        _port = port;
        _listener.Start();
        _ = AcceptAsync(_end.Token);
    }

    /// <summary>How many replies were changed.</summary>
    public int Changed { get; private set; }

    public string Address => $"{_listener.LocalEndpoint}";

    /// <summary>Changes the next replies, by the same changes for the same seed.</summary>
    public void Change(int seed, int replies)
    {
        lock (_lock)
            (_random, _left) = (new(seed), replies);
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
            _ = RelayAsync(await _listener.AcceptTcpClientAsync(cancellationToken), cancellationToken);
    }

    private async Task RelayAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using (client)
        using (var server = new TcpClient())
        {
            await server.ConnectAsync(IPAddress.Loopback, _port, cancellationToken);
            (client.NoDelay, server.NoDelay) = (true, true);
            await await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream(), cancellationToken), CopyAsync(server.GetStream(), client.GetStream(), cancellationToken));
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 << 10];
        while (await from.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            var changed = Change(buffer.AsSpan(0, count));
            await to.WriteAsync(changed is null ? buffer.AsMemory(0, count) : changed, cancellationToken);
            if (changed is not null)
                return;
        }
    }

    /// <returns><see langword="null"/> when the reply stays as it is.</returns>
    private byte[]? Change(ReadOnlySpan<byte> reply)
    {
        lock (_lock)
        {
            if (_left == 0)
                return null;

            _left--;
            Changed++;
            return _random.Next(2) == 0 ? ByteMutation.Of(reply, _random) : Replies[_random.Next(Replies.Length)];
        }
    }
}
