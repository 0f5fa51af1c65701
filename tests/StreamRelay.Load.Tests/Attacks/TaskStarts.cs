using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace StreamRelay.Load.Attacks;

/// <summary>Tasks that one owner starts one after the other, over a few connections, whether they are queued or refused.</summary>
internal sealed class TaskStarts(int tasks) : IAttack
{
    private const string Command = "count 20 50";

    private readonly ConcurrentDictionary<HttpStatusCode, int> _answers = new();
    private readonly CancellationTokenSource _stopped = new();
    private int _started;

    public int Connections => 8;

    /// <summary>Completes when all have been answered.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>The number of answers with a status.</summary>
    public int Answers(HttpStatusCode status) => _answers.GetValueOrDefault(status);

    public Task StartAsync(Target target, IReadOnlyList<Socket> connections)
    {
        Completion = RunAsync(target, connections);
        return Task.CompletedTask;
    }

    public string Describe() => $"{_started} of {tasks} tasks started by one owner: {string.Join(", ", _answers.Select(answer => $"{answer.Value} x {(int)answer.Key}"))}";

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopped.Dispose();
    }

    private async Task RunAsync(Target target, IReadOnlyList<Socket> connections)
    {
        using var client = new TaskClient(target, connections);
        await Task.WhenAll(connections.Select(_ => StartTasksAsync(client)));
    }

    private async Task StartTasksAsync(TaskClient client)
    {
        while (Interlocked.Increment(ref _started) <= tasks)
        {
            var (status, _) = await client.StartAsync(Command, _stopped.Token);
            _answers.AddOrUpdate(status, 1, static (_, count) => count + 1);
        }
    }
}
