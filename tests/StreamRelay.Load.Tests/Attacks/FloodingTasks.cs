using System.Net.Sockets;

namespace StreamRelay.Load.Attacks;

/// <summary>Tasks that publish as fast as they can.</summary>
internal sealed class FloodingTasks(int tasks) : IAttack
{
    private const string Flood = "count 10000000 0";

    public int Connections => 1;

    public async Task StartAsync(Target target, IReadOnlyList<Socket> connections)
    {
        using var client = new TaskClient(target, connections);
        for (var started = 0; started < tasks; started++)
        {
            var (status, id) = await client.StartAsync(Flood, CancellationToken.None);
            target.Floods.Add(id ?? throw new InvalidOperationException($"A flood was answered with {status}."));
        }
    }

    public string Describe() => $"{tasks} tasks that publish as fast as they can";

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
