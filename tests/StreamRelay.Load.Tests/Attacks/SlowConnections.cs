using System.Net.Sockets;
using System.Text;

namespace StreamRelay.Load.Attacks;

/// <summary>Connections that send a text at once and then send or read one byte a second.</summary>
/// <param name="name">What they are.</param>
/// <param name="connections">Their number.</param>
/// <param name="text">What each of them sends at once.</param>
/// <param name="step">Sends or reads a byte, and returns the number of bytes.</param>
internal sealed class SlowConnections(string name, int connections, Func<Target, int, string> text, Func<Socket, int> step) : IAttack
{
    private readonly PeriodicTimer _timer = new(TimeSpan.FromSeconds(1));
    private Task _steps = Task.CompletedTask;
    private long _bytes;

    public int Connections => connections;

    /// <summary>Bodies of requests, of which one byte a second arrives.</summary>
    public static SlowConnections Bodies(int connections) => new(
        "bodies at one byte a second",
        connections,
        static (target, _) => target.Head("POST", "/v1/tasks", "Content-Length: 100000\r\n"),
        static socket => socket.Send(" "u8, SocketFlags.None, out _));

    /// <summary>Readers of streams that take one byte a second.</summary>
    public static SlowConnections Readers(int connections) => new(
        "readers at one byte a second",
        connections,
        static (target, index) => target.Stream(index),
        static socket => socket.Available > 0 ? socket.Receive(new byte[1].AsSpan(), SocketFlags.None, out _) : 0);

    public Task StartAsync(Target target, IReadOnlyList<Socket> connections)
    {
        for (var index = 0; index < connections.Count; index++)
            connections[index].Send(Encoding.ASCII.GetBytes(text(target, index)), SocketFlags.None, out _);

        _steps = RunAsync(connections);
        return Task.CompletedTask;
    }

    public string Describe() => $"{name}: {_bytes} bytes";

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _steps;
    }

    private async Task RunAsync(IReadOnlyList<Socket> connections)
    {
        while (await _timer.WaitForNextTickAsync())
            _bytes += connections.Sum(step);
    }
}
