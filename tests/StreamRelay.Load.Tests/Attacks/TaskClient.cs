using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace StreamRelay.Load.Attacks;

/// <summary>Starts tasks of the attacker, over connections that are already open.</summary>
internal sealed class TaskClient : IDisposable
{
    private readonly HttpClient _client;

    public TaskClient(Target target, IReadOnlyList<Socket> connections)
    {
        var open = new ConcurrentQueue<Socket>(connections);
        _client = new(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = connections.Count,
            ConnectCallback = (_, _) => open.TryDequeue(out var socket) ? new(new NetworkStream(socket)) : throw new IOException("The server has closed all connections."),
        })
        { BaseAddress = target.Server, Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", target.Key);
    }

    /// <summary>Starts a probe.</summary>
    /// <returns>The status of the answer, and the id of the task when it was started.</returns>
    public async Task<(HttpStatusCode Status, string? Id)> StartAsync(string command, CancellationToken cancellationToken)
    {
        using var body = new StringContent($$"""{"agent":"probe","input":"{{command}}"}""", Encoding.UTF8, "application/json");
        using var answer = await _client.PostAsync("/v1/tasks", body, cancellationToken);
        return (answer.StatusCode, answer.IsSuccessStatusCode ? answer.Headers.GetValues("X-Task-Id").Single() : null);
    }

    public void Dispose() => _client.Dispose();
}
