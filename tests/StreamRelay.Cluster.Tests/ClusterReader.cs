using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StreamRelay.Server;

namespace StreamRelay.Cluster;

/// <summary>Reads a task to its end in one protocol, as a client does that comes back after each cut, to any node; keeps all that it saw.</summary>
internal sealed class ClusterReader(ClusterServers servers, ClusterTask task, string protocol, ClusterNode? first, Random random)
{
    /// <summary>A node that is left alone says something at least so often, even when it is short of time.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(1.5);

    private readonly StringBuilder _seen = new();
    private readonly List<string> _complaints = [];
    private readonly bool _isImpatient = random.Next(2) == 0;
    private string? _last;
    private string? _node;
    private long _lastFrameAt;
    private bool _isOver;

    public string Protocol => protocol;

    /// <summary>All frames, without what belongs to a connection.</summary>
    public string Seen => _seen.ToString();

    /// <summary>Where it is, for a message.</summary>
    public string Place => $"{protocol} after {_last} of {_node}, {Connections} connections;";

    /// <summary>What must not happen.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    public int Connections { get; private set; }

    public int Frames { get; private set; }

    /// <summary>Whether the server said that it has not what was seen.</summary>
    public bool IsAhead { get; private set; }

    /// <summary>The longest time between two frames.</summary>
    public TimeSpan LongestPause { get; private set; }

    /// <summary>Told of each frame.</summary>
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
                // Cut, as intended; what ends badly may have been the end all the same.
                _isOver |= Heard.From(protocol, Seen).Status is not null;
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
            Hear(answer.StatusCode, node);
    }

    private void Hear(HttpStatusCode status, ClusterNode node)
    {
        IsAhead |= status == HttpStatusCode.Gone || (status is HttpStatusCode.NotFound or HttpStatusCode.NoContent && task.MayLose);
        _isOver = status switch
        {
            HttpStatusCode.NoContent when Heard.From(protocol, Seen).Status is not null => true,
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

        _isOver = Heard.From(protocol, Seen).Status is not null;
        if (pending.Length > 0)
            Complain($"{node.Name} ends cleanly within a frame: {pending}");

        // A native stream may end at any frame when its node does: its client comes back by itself.
        if (!_isOver && (protocol != "native" || (node.IsThere && node.Disturbances == disturbances)))
            Complain($"{node.Name} ends cleanly after {_last}, which is not the end");
    }

    private async Task<int> ReadSomeAsync(Stream body, byte[] bytes, ClusterNode node, int disturbances, CancellationTokenSource silence)
    {
        silence.CancelAfter(_isImpatient ? Impatience : LongestSilence);
        try
        {
            return await body.ReadAsync(bytes, silence.Token);
        }
        catch (OperationCanceledException) when (!_isImpatient && node.IsThere && node.Disturbances == disturbances)
        {
            Complain($"{node.Name} was silent for {LongestSilence} after {_last}");
            throw;
        }
    }

    /// <summary>Keeps the whole frames, and returns what is left.</summary>
    private string Take(string text)
    {
        var end = text.LastIndexOf("\n\n", StringComparison.Ordinal) is var found && found < 0 ? 0 : found + 2;
        foreach (var frame in Sse.Frames(text[..end]))
        {
            var pause = Stopwatch.GetElapsedTime(_lastFrameAt);
            LongestPause = pause > LongestPause && Frames > 0 ? pause : LongestPause;
            _lastFrameAt = Stopwatch.GetTimestamp();
            _seen.Append(frame);
            _last = Sse.Id(frame);
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
