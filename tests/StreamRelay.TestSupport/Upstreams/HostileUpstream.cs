using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace StreamRelay.TestSupport.Upstreams;

/// <summary>A server that plays scripted answers byte for byte: it has no HTTP library that would correct them. Each connection carries one request.</summary>
public sealed class HostileUpstream : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<UpstreamCall, ScriptedAnswer> _script;
    private readonly ConcurrentQueue<UpstreamCall> _calls = new();
    private readonly CancellationTokenSource _end = new();

    private HostileUpstream(Func<UpstreamCall, ScriptedAnswer> script)
    {
        _script = script;
        _listener.Start();
        _ = AcceptAsync(_end.Token);
    }

    /// <summary>The address that an agent is configured with.</summary>
    public string BaseUrl => $"http://{_listener.LocalEndpoint}/v1";

    /// <summary>The requests so far, in order.</summary>
    public IReadOnlyList<UpstreamCall> Calls => [.. _calls];

    /// <summary>Gives every request the same answer.</summary>
    public static HostileUpstream Start(ScriptedAnswer answer) => Start(_ => answer);

    /// <summary>Chooses the answer by the request.</summary>
    public static HostileUpstream Start(Func<UpstreamCall, ScriptedAnswer> script) => new(script);

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
            _ = ServeAsync(await _listener.AcceptTcpClientAsync(cancellationToken), cancellationToken);
    }

    private async Task ServeAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using (client)
        {
            client.NoDelay = true;
            var stream = client.GetStream();
            var call = await UpstreamCall.ReadAsync(stream, cancellationToken);
            _calls.Enqueue(call);
            var answer = _script(call);
            foreach (var piece in answer.Pieces)
                await stream.WriteAsync(piece, cancellationToken);

            if (answer.IsReset)
                client.Client.Close(0);
        }
    }
}
