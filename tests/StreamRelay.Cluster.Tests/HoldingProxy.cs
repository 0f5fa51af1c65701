using System.Net;
using System.Net.Sockets;
using StreamRelay.TestSupport;

namespace StreamRelay.Cluster;

/// <summary>A proxy between a node and Redis. It can refuse connections, and it can hold back the bytes of one direction.</summary>
internal sealed class HoldingProxy : IAsyncDisposable
{
    private static readonly TaskCompletionSource Nothing = Done();

    private readonly int _target;
    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];
    private readonly TaskCompletionSource[] _holds = [Nothing, Nothing];
    private TcpListener _listener;
    private Task _accepting;

    public HoldingProxy(int target)
    {
        _target = target;
        Port = Loopback.FreePort();
        _listener = Listen();
        _accepting = AcceptAsync(_listener);
    }

    public int Port { get; }

    /// <summary>Resets all connections, and refuses new ones.</summary>
    public async Task ShutAsync()
    {
        _listener.Stop();
        Reset();
        await _accepting;
    }

    /// <summary>Accepts connections again, after <see cref="ShutAsync"/>.</summary>
    public void Open()
    {
        _listener = Listen();
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Holds back the bytes of this direction, as a network does that loses every packet. New connections are still accepted.</summary>
    public void Hold(Direction direction) => _holds[(int)direction] = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Delivers the bytes that were held back, or resets the connections and drops them.</summary>
    public void Release(bool deliver)
    {
        if (!deliver)
            Reset();

        foreach (var direction in (int[])[0, 1])
            Interlocked.Exchange(ref _holds[direction], Nothing).TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        Release(deliver: false);
        await ShutAsync();
        _listener.Dispose();
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }

    private TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start(1000);
        return listener;
    }

    private void Reset()
    {
        lock (_lock)
        {
            foreach (var socket in _sockets)
            {
                socket.LingerState = new(true, 0);
                socket.Dispose();
            }

            _sockets.Clear();
        }
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
                _ = RelayAsync(await listener.AcceptSocketAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    private async Task RelayAsync(Socket near)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (near)
        {
            near.NoDelay = true;
            lock (_lock)
                _sockets.AddRange([near, far]);
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, _target);
                await await Task.WhenAny(PumpAsync(near, far, Direction.Requests), PumpAsync(far, near, Direction.Replies));
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
            }

            lock (_lock)
                _sockets.RemoveAll(socket => socket == near || socket == far);
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Direction direction)
    {
        var buffer = new byte[64 << 10];
        while (await from.ReceiveAsync(buffer) is var count and > 0)
        {
            await Volatile.Read(ref _holds[(int)direction]).Task;
            for (var sent = 0; sent < count;)
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
        }
    }
}
