using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace StreamRelay.Cluster;

/// <summary>Sends requests to the nodes of a cluster, one after the other until one answers.</summary>
internal sealed class ClusterClient(ClusterServers servers, Random random)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Starts one task, with an idempotency key so that retries start no second one.</summary>
    public async Task<string> StartAsync(string agent, string input)
    {
        var key = Guid.NewGuid().ToString();
        var (_, task) = await AskAsync(HttpMethod.Post, "/v1/tasks", JsonSerializer.Serialize(new { agent, input }), key);
        return task.GetProperty("id").GetString()!;
    }

    public async Task<JsonElement> StopAsync(string task) => (await AskAsync(HttpMethod.Post, $"/v1/tasks/{task}/stop")).Body;

    public async Task<JsonElement> FindAsync(string task) => (await AskAsync(HttpMethod.Get, $"/v1/tasks/{task}")).Body;

    public async Task DeleteAsync(string task) => await AskAsync(HttpMethod.Delete, $"/v1/tasks/{task}");

    /// <summary>The answer of one node to a request for a task.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> FindAtAsync(ClusterNode node, string task)
    {
        using var answer = await servers.Client.GetAsync(new Uri(node.Address, $"/v1/tasks/{task}"));
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()));
    }

    /// <summary>The status of one node's answer to a request for a task's stream.</summary>
    public async Task<HttpStatusCode> AskForEventsAsync(ClusterNode node, string task)
    {
        using var answer = await servers.Client.GetAsync(new Uri(node.Address, $"/v1/tasks/{task}/events"), HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode;
    }

    /// <summary>The whole stream of a task in one protocol from one node.</summary>
    public async Task<string> ReadAtAsync(ClusterNode node, string task, string protocol)
    {
        var text = new StringBuilder();
        try
        {
            using var timeout = new CancellationTokenSource(Patience);
            using var stream = await servers.Client.GetStreamAsync(new Uri(node.Address, $"/v1/tasks/{task}/events?protocol={protocol}"), timeout.Token);
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync(timeout.Token) is { } line)
                text.Append(line).Append('\n');
        }
        catch (IOException)
        {
            // The stream of a failed task is aborted in protocols that have no frame for a failure.
        }

        return text.ToString();
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(HttpMethod method, string path, string? body = null, string? key = null)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var node = await servers.AnyNodeAsync(random);
            try
            {
                using var request = new HttpRequestMessage(method, new Uri(node.Address, path));
                if (body is not null)
                    request.Content = new StringContent(body, Encoding.UTF8, "application/json");
                if (key is not null)
                    request.Headers.Add("Idempotency-Key", key);

                using var timeout = new CancellationTokenSource(Patience);
                using var answer = await servers.Client.SendAsync(request, timeout.Token);
                var text = await answer.Content.ReadAsStringAsync(timeout.Token);
                if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.NotFound)
                    return (answer.StatusCode, JsonElement.Parse(text));
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                    throw new InvalidOperationException($"{node.Name} answers {method} {path} with {(int)answer.StatusCode}: {text}");
            }
            catch (Exception exception) when (clock.Elapsed < ClusterServers.Deadline && exception is HttpRequestException or IOException or SocketException or OperationCanceledException)
            {
                // The next node is tried, or the same one later.
            }

            await Task.Delay(random.Next(10, 100));
        }
    }
}
