using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace StreamRelay.Cluster;

/// <summary>Pushes numbered events of one task, and its end, to any node. It repeats what was not answered, and goes back to the number that a node names.</summary>
internal sealed class ClusterProducer(ClusterServers servers, ClusterTask task, int count, Random random)
{
    private const int LargestRequest = 8;

    /// <summary>No request may be without an answer for longer, even on a busy machine.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(30);

    private int _next;
    private string _last = "";

    /// <summary>How often a node has asked for earlier events.</summary>
    public int Rewinds { get; private set; }

    /// <summary>Whether the task had ended before the producer ended it.</summary>
    public bool IsEndedByOthers { get; private set; }

    /// <summary>The position of the producer, for a failure message.</summary>
    public string Position => $"{task} at {_next} of {count}, last {_last}";

    /// <summary>The text of the event with this number.</summary>
    public static string Text(int number) => $"p{number} ";

    /// <summary>Pushes until the end of the task is acknowledged.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (_next <= count && !IsEndedByOthers)
        {
            var node = await servers.AnyNodeAsync(random);
            try
            {
                await PushAsync(node, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is HttpRequestException or IOException or SocketException)
            {
                _last = $"{node.Name}: {exception.Message}";
            }

            await Task.Delay(random.Next(1, 20), cancellationToken);
        }
    }

    private async Task PushAsync(ClusterNode node, CancellationToken cancellationToken)
    {
        var size = Math.Min(random.Next(1, LargestRequest), count + 1 - _next);
        var events = Enumerable.Range(_next, size).Select(number => number < count ? new { event_type = "output", content = Text(number) } : new { event_type = "end", content = "" });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Address, $"/v1/tasks/{task.Id}/events")) { Content = JsonContent.Create(events) };
        request.Headers.Add("Producer-Id", "producer");
        request.Headers.Add("Producer-Epoch", "1");
        request.Headers.Add("Producer-Seq", _next.ToString(CultureInfo.InvariantCulture));
        using var answer = await SendAsync(node, request, cancellationToken);
        _last = $"{node.Name}: {(int)answer.StatusCode} for {_next}";
        if (answer.StatusCode == HttpStatusCode.OK)
            _next += size;
        else if (answer.StatusCode == HttpStatusCode.Conflict)
            OnConflict(answer, await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken));
        else if (answer.StatusCode == HttpStatusCode.NotFound && task.MayVanish)
            IsEndedByOthers = true;
        else if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            throw new InvalidOperationException($"{node.Name} answers the push of {_next} in {task} with {(int)answer.StatusCode}.");
    }

    private async Task<HttpResponseMessage> SendAsync(ClusterNode node, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(LongestAnswer);
        try
        {
            return await servers.Client.SendAsync(request, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException($"{node.Name} does not answer the push of {_next} in {task}, after {_last}.");
        }
    }

    private void OnConflict(HttpResponseMessage answer, JsonElement body)
    {
        if (answer.Headers.TryGetValues("Producer-Expected-Seq", out var expected))
        {
            _next = int.Parse(expected.Single(), CultureInfo.InvariantCulture);
            Rewinds++;
        }
        else
        {
            IsEndedByOthers = body.ToString().Contains("task_ended", StringComparison.Ordinal);
        }
    }
}
