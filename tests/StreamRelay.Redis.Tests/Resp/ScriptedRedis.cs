using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StreamRelay.Redis.Resp;

/// <summary>A server that says what a test wants, one connection at a time.</summary>
internal sealed class ScriptedRedis : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly RespReader _reader = new();
    private readonly List<byte> _heard = [];
    private TcpClient? _client;

    public ScriptedRedis() => _listener.Start();

    public RedisOptions Options => new() { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port };

    public async Task AcceptAsync()
    {
        _client?.Dispose();
        _heard.Clear();
        _client = await _listener.AcceptTcpClientAsync().WaitAsync(RespSetup.Deadline);
    }

    /// <summary>The next command and its arguments.</summary>
    public async Task<string> HearAsync()
    {
        while (true)
        {
            if (_reader.TryRead(_heard.ToArray(), out var consumed, out var command))
            {
                _heard.RemoveRange(0, consumed);
                return string.Join(' ', command.Items.Select(word => word.AsText()));
            }

            var buffer = new byte[4_096];
            var length = await _client!.GetStream().ReadAsync(buffer).AsTask().WaitAsync(RespSetup.Deadline);
            _heard.AddRange(length > 0 ? buffer[..length] : throw new EndOfStreamException());
        }
    }

    public async Task SayAsync(string reply) => await _client!.GetStream().WriteAsync(Encoding.Latin1.GetBytes(reply));

    /// <summary>Accepts a client and lets it in.</summary>
    public async Task WelcomeAsync()
    {
        await AcceptAsync();
        Assert.StartsWith("HELLO 3", await HearAsync(), StringComparison.Ordinal);
        await SayAsync("%1\r\n+proto\r\n:3\r\n");
        Assert.Equal("PING", await HearAsync());
        await SayAsync("+PONG\r\n");
    }

    public void Dispose()
    {
        _client?.Dispose();
        _listener.Dispose();
    }
}
