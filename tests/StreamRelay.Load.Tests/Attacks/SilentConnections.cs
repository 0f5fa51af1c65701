using System.Net.Sockets;
using System.Text;

namespace StreamRelay.Load.Attacks;

/// <summary>Connections that send one text and then neither send nor read.</summary>
/// <param name="name">What they are.</param>
/// <param name="connections">Their number.</param>
/// <param name="text">What each of them sends.</param>
internal sealed class SilentConnections(string name, int connections, Func<Target, int, string> text) : IAttack
{
    private int _sent;

    public int Connections => connections;

    public Task StartAsync(Target target, IReadOnlyList<Socket> connections)
    {
        for (var index = 0; index < connections.Count; index++)
        {
            connections[index].Send(Encoding.ASCII.GetBytes(text(target, index)), SocketFlags.None, out var error);
            _sent += error == SocketError.Success ? 1 : 0;
        }

        return Task.CompletedTask;
    }

    public string Describe() => $"{name}: {_sent} could send";

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
