using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StreamRelay.TestSupport;

namespace StreamRelay.Load;

/// <summary>A client that starts one task after another, each over a new connection, and measures how long the first token takes. It has a thread of its own,
/// so that it does not measure what else this process does.</summary>
internal sealed class Victim(IPEndPoint server, string key)
{
    private const string Body = """{"model":"probe","stream":true,"messages":[{"role":"user","content":"count 1 0"}]}""";

    private static readonly byte[] FirstToken = "t1 "u8.ToArray();

    private readonly byte[] _request = Encoding.ASCII.GetBytes(
        $"POST /v1/chat/completions HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");

    private readonly byte[] _answer = new byte[64 << 10];

    /// <summary>Measures at least <paramref name="count"/> requests, and more until a task has completed.</summary>
    public Task<Latencies> MeasureAsync(int count, Task? until = null) => Task.Factory.StartNew(
        () => Measure(count, until ?? Task.CompletedTask), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private Latencies Measure(int count, Task until)
    {
        List<TimeSpan> times = [];
        while (times.Count < count || !until.IsCompleted)
            times.Add(Request());

        return new(times);
    }

    private TimeSpan Request()
    {
        var start = Stopwatch.GetTimestamp();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = (int)Relay.Deadline.TotalMilliseconds };
        socket.Connect(server);
        socket.Send(_request);
        var length = 0;
        do
        {
            var received = socket.Receive(_answer.AsSpan(length));
            if (received == 0)
                throw new InvalidDataException($"The answer has no token: {Encoding.UTF8.GetString(_answer, 0, length)}");

            length += received;
        }
        while (_answer.AsSpan(0, length).IndexOf(FirstToken) < 0);
        return Stopwatch.GetElapsedTime(start);
    }
}
