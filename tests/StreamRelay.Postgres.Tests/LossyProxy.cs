using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace StreamRelay.Postgres;

/// <summary>A proxy between a store and its server. It drops one statement or the reply to it, and closes the connection.</summary>
internal sealed class LossyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly Task _accepting;
    private volatile Loss? _loss;

    public LossyProxy(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        _target = settings.Port;
        _listener.Start();
        settings.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;

        // Otherwise the first reply belongs to the reset, and the statement may not have run yet.
        settings.NoResetOnClose = true;
        ConnectionString = settings.ConnectionString;
        _accepting = AcceptAsync();
    }

    public string ConnectionString { get; }

    /// <summary>Lets the next statement that contains this text run, drops its reply, and calls <paramref name="meanwhile"/> in between.</summary>
    public void LoseReply(string statement, Func<Task> meanwhile) => _loss = new(Encoding.UTF8.GetBytes(statement), meanwhile, Reply: true);

    /// <summary>Drops the next statement that contains this text before it reaches the server, and calls <paramref name="meanwhile"/>.</summary>
    public void LoseStatement(string statement, Func<Task> meanwhile) => _loss = new(Encoding.UTF8.GetBytes(statement), meanwhile, Reply: false);

    public async ValueTask DisposeAsync()
    {
        Assert.Null(_loss);
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync()));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var from = client;
        using var to = new TcpClient { NoDelay = true };
        from.NoDelay = true;
        await to.ConnectAsync(IPAddress.Loopback, _target);
        var losing = new Connection();
        var there = PumpAsync(from.GetStream(), to.GetStream(), bytes => LosesStatementAsync(bytes, losing));
        var back = PumpAsync(to.GetStream(), from.GetStream(), _ => LosesReplyAsync(losing));
        await Task.WhenAny(there, back);
        from.Close();
        to.Close();
        await Task.WhenAll(there, back);
    }

    private async Task<bool> LosesStatementAsync(ReadOnlyMemory<byte> bytes, Connection losing)
    {
        if (_loss is not { } loss || bytes.Span.IndexOf(loss.Statement) < 0)
            return false;

        _loss = null;
        losing.Value = loss;
        if (!loss.Reply)
            await loss.Meanwhile();
        return !loss.Reply;
    }

    private static async Task<bool> LosesReplyAsync(Connection losing)
    {
        if (losing.Value is not { Reply: true } loss)
            return false;

        await loss.Meanwhile();
        return true;
    }

    private static async Task PumpAsync(NetworkStream from, NetworkStream to, Func<ReadOnlyMemory<byte>, Task<bool>> loses)
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var count && !await loses(buffer.AsMemory(0, count)))
                await to.WriteAsync(buffer.AsMemory(0, count));
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
        }
    }

    private sealed record Loss(byte[] Statement, Func<Task> Meanwhile, bool Reply);

    private sealed class Connection
    {
        public volatile Loss? Value;
    }
}
