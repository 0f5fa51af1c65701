using System.Net.Sockets;

namespace StreamRelay.Load.Attacks;

/// <summary>One way to use up what a server has. Disposing it stops the attack; its connections are closed by the caller.</summary>
internal interface IAttack : IAsyncDisposable
{
    /// <summary>The connections that the attack uses.</summary>
    int Connections { get; }

    /// <summary>Starts the attack, which goes on until it is disposed.</summary>
    /// <param name="target">What is attacked.</param>
    /// <param name="connections">The connections. The server may have closed some at once.</param>
    Task StartAsync(Target target, IReadOnlyList<Socket> connections);

    /// <summary>What the attack is and what it has done.</summary>
    string Describe();
}
