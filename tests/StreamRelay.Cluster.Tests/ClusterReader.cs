using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StreamRelay.Cluster;

/// <summary>Reads a task to its end in one protocol, reconnects to any node after each disconnect, and keeps every frame.</summary>
internal sealed class ClusterReader(ClusterServers servers, ClusterTask task, string protocol, ClusterNode? first, Random random)
{
    /// <summary>The longest time between two frames or heartbeats of a node without a fault, even on a busy machine.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan ShortTimeout = TimeSpan.FromSeconds(1.5);

    private readonly StringBuilder _seen = new();
    private readonly List<string> _complaints = [];
    private readonly bool _hasShortTimeout = random.Next(2) == 0;
    private string? _last;
    private string? _node;
    private long _lastFrameAt;
    private bool _isOver;

    public string Protocol => protocol;

    /// <summary>All frames, without heartbeats and <c>retry:</c> lines.</summary>
    public string Seen => _seen.ToString();

    /// <summary>The position and the node of this reader, for a failure message.</summary>
    public string Position => $"{protocol} after {_last} of {_node}, {Connections} connections;";

    /// <summary>The rules that the stream broke.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    public int Connections { get; private set; }

    public int Frames { get; private set; }

    /// <summary>Whether the server answered that the position is ahead of its log.</summary>
    public bool IsAhead { get; private set; }

    /// <summary>The longest time between two frames.</summary>
    public TimeSpan LongestPause { get; private set; }

    /// <summary>Raised for each frame.</summary>
    public event Action? FrameSeen;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _lastFrameAt = Stopwatch.GetTimestamp();
        for (var node = first; !_isOver; node = null)
        {
            node = node is { IsThere: true } ? node : await servers.AnyNodeAsync(random);
            try
            {
                await ReadAsync(node, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is HttpRequestException or IOException or SocketException or OperationCanceledException)
            {
                // The fault closed the connection. An aborted stream may still have been complete.
                _isOver |= ReceivedStream.Parse(protocol, Seen).Status is not null;
            }

            if (!_isOver)
                await Task.Delay(random.Next(10, 100), cancellationToken);
        }
    }

    private async Task ReadAsync(ClusterNode node, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Address, $"/v1/tasks/{task.Id}/events?protocol={protocol}"));
        if (_last is not null)
            request.Headers.Add("Last-Event-ID", _last);

        Connections++;
        _node = node.Name;
        var disturbances = node.Disturbances;
        silence.CancelAfter(LongestSilence);
        using var answer = await servers.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
        if (answer.StatusCode == HttpStatusCode.OK)
            await ReadBodyAsync(node, disturbances, answer, silence);
        else
            OnRefused(answer.StatusCode, node);
    }

    private void OnRefused(HttpStatusCode status, ClusterNode node)
    {
        IsAhead |= status == HttpStatusCode.Gone || (status is HttpStatusCode.NotFound or HttpStatusCode.NoContent && task.MayLose);
        _isOver = status switch
        {
            HttpStatusCode.NoContent when ReceivedStream.Parse(protocol, Seen).Status is not null => true,
            HttpStatusCode.Gone or HttpStatusCode.NoContent when task.MayLose => true,
            HttpStatusCode.NotFound when task.MayVanish || task.MayLose => true,
            HttpStatusCode.ServiceUnavailable => false,
            _ => Complain($"{node.Name} answers {(int)status} after {_last}"),
        };
    }

    private async Task ReadBodyAsync(ClusterNode node, int disturbances, HttpResponseMessage answer, CancellationTokenSource silence)
    {
        using var body = await answer.Content.ReadAsStreamAsync(silence.Token);
        var decoder = Encoding.UTF8.GetDecoder();
        var bytes = new byte[16 << 10];
        var text = new char[16 << 10];
        var pending = "";
        while (await ReadSomeAsync(body, bytes, node, disturbances, silence) is var count and > 0)
            pending = Take(pending + new string(text, 0, decoder.GetChars(bytes, 0, count, text, 0)));

        _isOver = ReceivedStream.Parse(protocol, Seen).Status is not null;
        if (pending.Length > 0)
            Complain($"{node.Name} ends cleanly within a frame: {pending}");

        // A native stream may end at any frame when its node shuts down: its clients reconnect by themselves.
        if (!_isOver && (protocol != "native" || (node.IsThere && node.Disturbances == disturbances)))
            Complain($"{node.Name} ends cleanly after {_last}, which is not the end");
    }

    private async Task<int> ReadSomeAsync(Stream body, byte[] bytes, ClusterNode node, int disturbances, CancellationTokenSource silence)
    {
        silence.CancelAfter(_hasShortTimeout ? ShortTimeout : LongestSilence);
        try
        {
            return await body.ReadAsync(bytes, silence.Token);
        }
        catch (OperationCanceledException) when (!_hasShortTimeout && node.IsThere && node.Disturbances == disturbances)
        {
            Complain($"{node.Name} was silent for {LongestSilence} after {_last}");
            throw;
        }
    }

    /// <summary>Keeps the complete frames, and returns the incomplete rest.</summary>
    private string Take(string text)
    {
        var end = text.LastIndexOf("\n\n", StringComparison.Ordinal) is var found && found < 0 ? 0 : found + 2;
        foreach (var frame in SseText.Frames(text[..end]))
        {
            var pause = Stopwatch.GetElapsedTime(_lastFrameAt);
            LongestPause = pause > LongestPause && Frames > 0 ? pause : LongestPause;
            _lastFrameAt = Stopwatch.GetTimestamp();
            _seen.Append(frame);
            _last = SseText.Id(frame);
            Frames++;
            FrameSeen?.Invoke();
        }

        return text[end..];
    }

    private bool Complain(string complaint)
    {
        _complaints.Add($"{task} in {protocol}: {complaint}");
        return true;
    }
}
