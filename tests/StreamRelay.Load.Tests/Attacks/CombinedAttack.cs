using System.Net;
using System.Net.Sockets;

namespace StreamRelay.Load.Attacks;

/// <summary>All attacks at the same time, from some addresses of this machine.</summary>
/// <param name="target">What is attacked.</param>
/// <param name="addresses">The number of addresses. None of them is the one that other clients of this machine have.</param>
/// <param name="attacks">The attacks, in the order in which they are started.</param>
internal sealed class CombinedAttack(Target target, int addresses, IReadOnlyList<IAttack> attacks) : IAsyncDisposable
{
    private const int ReceiveBytes = 4096;

    private readonly Dictionary<IAttack, List<Socket>> _connections = attacks.ToDictionary(attack => attack, _ => new List<Socket>());
    private int _connected;

    /// <summary>The connections that the server keeps open.</summary>
    public int Open => _connections.Values.Sum(sockets => sockets.Count(IsOpen));

    /// <summary>Opens all connections first, so that each attack has its share of those that the server accepts, and then starts the attacks.</summary>
    public async Task StartAsync()
    {
        for (var turn = 0; turn < attacks.Max(attack => attack.Connections); turn++)
        {
            foreach (var attack in attacks.Where(attack => turn < attack.Connections))
                await ConnectAsync(_connections[attack]);
        }

        foreach (var attack in attacks)
            await attack.StartAsync(target, _connections[attack]);
    }

    /// <summary>A line for each attack.</summary>
    public string Describe() => string.Join('\n', attacks.Select(attack => $"  {attack.Describe()}; {_connections[attack].Count(IsOpen)} of {attack.Connections} connections are open"));

    /// <summary>Stops the attacks and closes their connections.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var attack in attacks)
            await attack.DisposeAsync();
        foreach (var socket in _connections.Values.SelectMany(sockets => sockets))
            socket.Dispose();

        _connections.Clear();
    }

    private async Task ConnectAsync(List<Socket> connections)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = ReceiveBytes, NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)(2 + (_connected++ % addresses))]), 0));
            await socket.ConnectAsync(target.EndPoint);
            connections.Add(socket);
        }
        catch (SocketException)
        {
            // The server has closed it before this client knew that it was open.
            socket.Dispose();
        }
    }

    // A connection that the server has closed can be read, and has nothing. One that was reset is no longer connected.
    private static bool IsOpen(Socket socket) => !(socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0);
}
